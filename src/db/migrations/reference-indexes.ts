import type { IndexDefinition } from "./index-definition.ts";
import { parseIndex } from "./index-definition.ts";

const onBoth = lines(`
  agent ix_agent__updated (updated)
  agent ix_agent__work_queue_id (work_queue_id)
  artifact ix_artifact__flow_run_id (flow_run_id)
  artifact ix_artifact__key (key)
  artifact ix_artifact__task_run_id (task_run_id)
  artifact ix_artifact__updated (updated)
  artifact_collection ix_artifact_collection__key_latest_id (key, latest_id)
  artifact_collection ix_artifact_collection__updated (updated)
  automation ix_automation__updated (updated)
  automation_bucket ix_automation_bucket__automation_id__end (automation_id, "end")
  automation_bucket ix_automation_bucket__updated (updated)
  automation_event_follower ix_ae_follower_scope_leader (scope, leader_event_id)
  automation_event_follower ix_automation_event_follower__leader_event_id (leader_event_id)
  automation_event_follower ix_automation_event_follower__received (received)
  automation_event_follower ix_automation_event_follower__scope (scope)
  automation_event_follower ix_automation_event_follower__updated (updated)
  automation_held_event ix_automation_held_event__trigger_key_occurred (automation_id, trigger_id, bucketing_key, occurred, event_id)
  automation_held_event ix_automation_held_event__updated (updated)
  automation_related_resource ix_automation_related_resource__resource_id (resource_id)
  automation_related_resource ix_automation_related_resource__updated (updated)
  block_document ix_block_document__block_type_name__name (block_type_name, name)
  block_document ix_block_document__is_anonymous (is_anonymous)
  block_document ix_block_document__name (name)
  block_document ix_block_document__updated (updated)
  block_document_reference ix_block_document_reference__updated (updated)
  block_schema ix_block_schema__block_type_id (block_type_id)
  block_schema ix_block_schema__created (created)
  block_schema ix_block_schema__updated (updated)
  block_schema_reference ix_block_schema_reference__updated (updated)
  block_type ix_block_type__updated (updated)
  composite_trigger_child_firing ix_composite_trigger_child_firing__updated (updated)
  concurrency_limit ix_concurrency_limit__updated (updated)
  concurrency_limit_v2 ix_concurrency_limit_v2__updated (updated)
  configuration ix_configuration__key (key)
  configuration ix_configuration__updated (updated)
  csrf_token ix_csrf_token__updated (updated)
  deployment ix_deployment__created (created)
  deployment ix_deployment__flow_id (flow_id)
  deployment ix_deployment__paused (paused)
  deployment ix_deployment__updated (updated)
  deployment ix_deployment__version_id (version_id)
  deployment ix_deployment__work_queue_id (work_queue_id)
  deployment ix_deployment__work_queue_name (work_queue_name)
  deployment_schedule ix_deployment_schedule__deployment_id (deployment_id)
  deployment_schedule ix_deployment_schedule__slug (slug)
  deployment_schedule ix_deployment_schedule__updated (updated)
  deployment_version ix_deployment_version__deployment_id (deployment_id)
  deployment_version ix_deployment_version__updated (updated)
  deployment_version ix_deployment_version__work_queue_id (work_queue_id)
  deployment_version ix_deployment_version__work_queue_name (work_queue_name)
  event_resources ix_event_resources__event_id (event_id)
  event_resources ix_event_resources__occurred (occurred)
  event_resources ix_event_resources__resource_id__occurred (resource_id, occurred)
  event_resources ix_event_resources__updated (updated)
  events ix_events__event__id (event, id)
  events ix_events__event_occurred_id (event, occurred, id)
  events ix_events__event_resource_id_occurred (event, resource_id, occurred)
  events ix_events__occurred (occurred)
  events ix_events__occurred_id (occurred, id)
  events ix_events__updated (updated)
  flow ix_flow__created (created)
  flow ix_flow__updated (updated)
  flow_run ix_flow_run__deployment_id (deployment_id)
  flow_run ix_flow_run__deployment_version (deployment_version)
  flow_run ix_flow_run__flow_id (flow_id)
  flow_run ix_flow_run__flow_version (flow_version)
  flow_run ix_flow_run__infrastructure_document_id (infrastructure_document_id)
  flow_run ix_flow_run__name (name)
  flow_run ix_flow_run__next_scheduled_start_time_asc (next_scheduled_start_time)
  flow_run ix_flow_run__parent_task_run_id (parent_task_run_id)
  flow_run ix_flow_run__scheduler_deployment_id_auto_scheduled_next_schedu (deployment_id, auto_scheduled, next_scheduled_start_time) WHERE state_type = 'SCHEDULED'
  flow_run ix_flow_run__start_time (start_time)
  flow_run ix_flow_run__state_id (state_id)
  flow_run ix_flow_run__state_name (state_name)
  flow_run ix_flow_run__state_timestamp (state_timestamp)
  flow_run ix_flow_run__state_type (state_type)
  flow_run ix_flow_run__state_type_coalesce_start_time (state_type, coalesce(start_time, expected_start_time))
  flow_run ix_flow_run__updated (updated)
  flow_run ix_flow_run__work_queue_id (work_queue_id)
  flow_run ix_flow_run__work_queue_name (work_queue_name)
  flow_run_input ix_flow_run_input__updated (updated)
  flow_run_state ix_flow_run_state__name (name)
  flow_run_state ix_flow_run_state__result_artifact_id (result_artifact_id)
  flow_run_state ix_flow_run_state__type (type)
  flow_run_state ix_flow_run_state__updated (updated)
  log ix_log__flow_run_id (flow_run_id)
  log ix_log__flow_run_id_timestamp (flow_run_id, timestamp)
  log ix_log__level (level)
  log ix_log__task_run_id (task_run_id)
  log ix_log__timestamp (timestamp)
  log ix_log__updated (updated)
  saved_search ix_saved_search__updated (updated)
  task_run ix_task_run__flow_run_id (flow_run_id)
  task_run ix_task_run__name (name)
  task_run ix_task_run__next_scheduled_start_time_asc (next_scheduled_start_time)
  task_run ix_task_run__start_time (start_time)
  task_run ix_task_run__state_id (state_id)
  task_run ix_task_run__state_name (state_name)
  task_run ix_task_run__state_timestamp (state_timestamp)
  task_run ix_task_run__state_type (state_type)
  task_run ix_task_run__state_type_start_time (state_type, start_time)
  task_run ix_task_run__updated (updated)
  task_run_state ix_task_run_state__name (name)
  task_run_state ix_task_run_state__result_artifact_id (result_artifact_id)
  task_run_state ix_task_run_state__type (type)
  task_run_state ix_task_run_state__updated (updated)
  task_run_state_cache ix_task_run_state_cache__cache_key_created_desc (cache_key, created DESC)
  task_run_state_cache ix_task_run_state_cache__updated (updated)
  variable ix_variable__updated (updated)
  work_pool ix_work_pool__type (type)
  work_pool ix_work_pool__updated (updated)
  work_queue ix_work_queue__updated (updated)
  work_queue ix_work_queue__work_pool_id (work_pool_id)
  work_queue ix_work_queue__work_pool_id_priority (work_pool_id, priority)
  worker ix_worker__updated (updated)
  worker ix_worker__work_pool_id (work_pool_id)
  worker ix_worker__work_pool_id_last_heartbeat_time (work_pool_id, last_heartbeat_time)
`);

const onSqlite = lines(`
  UNIQUE flow_run_state uq_flow_run_state__flow_run_id_timestamp_desc (flow_run_id, timestamp)
  UNIQUE task_run_state uq_task_run_state__task_run_id_timestamp_desc (task_run_id, timestamp)
  artifact ix_artifact__key_created_desc (key, created DESC)
  block_document ix_block_document_name_case_insensitive (name COLLATE NOCASE)
  block_type ix_block_type_name_case_insensitive (name)
  deployment ix_deployment_name_case_insensitive (name)
  events ix_events__event_related_occurred (event, related, occurred)
  events ix_events__related_resource_ids (related_resource_ids)
  flow ix_flow_name_case_insensitive (name COLLATE NOCASE)
  flow_run ix_flow_run__end_time_desc (end_time)
  flow_run ix_flow_run__expected_start_time_desc (expected_start_time)
  flow_run ix_flow_run__schedule_id_scheduler (deployment_id, json_extract(created_by, '$.id'), next_scheduled_start_time) WHERE state_type = 'SCHEDULED' AND auto_scheduled = 1
  flow_run ix_flow_run_name_case_insensitive (name)
  flow_run_state ix_flow_run_state__type_name_timestamp (type, name, timestamp)
  task_run ix_task_run__end_time_desc (end_time)
  task_run ix_task_run__expected_start_time_desc (expected_start_time)
  task_run ix_task_run_name_case_insensitive (name)
  task_run_state ix_task_run_state__type_name_timestamp (type, name, timestamp)
`);

const onPostgres = lines(`
  UNIQUE flow_run_state uq_flow_run_state__flow_run_id_timestamp_desc (flow_run_id, timestamp DESC)
  UNIQUE task_run_state uq_task_run_state__task_run_id_timestamp_desc (task_run_id, timestamp DESC)
  artifact ix_artifact__key_created_desc (key, created DESC) INCLUDE (id, updated, type, task_run_id, flow_run_id)
  block_document trgm_ix_block_document_name (name gin_trgm_ops) USING gin
  block_schema ix_block_schema__capabilities (capabilities) USING gin
  block_type trgm_ix_block_type_name (name gin_trgm_ops) USING gin
  deployment trgm_ix_deployment_name (name gin_trgm_ops) USING gin
  events ix_events__event_occurred (event, occurred)
  events ix_events__related_gin (related) USING gin
  events ix_events__related_resource_ids_gin (related_resource_ids) USING gin
  flow trgm_ix_flow_name (name gin_trgm_ops) USING gin
  flow_run ix_flow_run__coalesce_start_time_expected_start_time_asc (coalesce(start_time, expected_start_time))
  flow_run ix_flow_run__coalesce_start_time_expected_start_time_desc (coalesce(start_time, expected_start_time) DESC)
  flow_run ix_flow_run__end_time_desc (end_time DESC)
  flow_run ix_flow_run__expected_start_time_desc (expected_start_time DESC)
  flow_run ix_flow_run__schedule_id_scheduler (deployment_id, (created_by ->> 'id'), next_scheduled_start_time) WHERE state_type = 'SCHEDULED' AND auto_scheduled = true
  flow_run trgm_ix_flow_run_name (name gin_trgm_ops) USING gin
  task_run ix_task_run__end_time_desc (end_time DESC)
  task_run ix_task_run__expected_start_time_desc (expected_start_time DESC)
  task_run trgm_ix_task_run_name (name gin_trgm_ops) USING gin
  work_queue trgm_ix_work_queue_name (name gin_trgm_ops) USING gin
`);

/**
 * The indexes of Prefect 3.9.1 after all of its migrations, but for the unique ones that both of us have alike. On SQLite
 * several have lost their order or their expression when a migration of the reference copied the table.
 */
export const REFERENCE_INDEXES: Readonly<Record<"sqlite" | "postgres", readonly IndexDefinition[]>> = {
  sqlite: [...onBoth, ...onSqlite],
  postgres: [...onBoth, ...onPostgres],
};

function lines(text: string): readonly IndexDefinition[] {
  return text
    .trim()
    .split("\n")
    .map((line) => parseIndex(line.trim()));
}
