import { script, scriptFile } from "../script.ts";
import { createDeployment } from "./common.ts";

export const jinjaParameters = scriptFile(import.meta.url, "jinja-parameters", [
  script("parameters made by templates", async (api) => {
    const id = await createDeployment(api);
    for (const template of [
      "{{ 1 + 1 }}",
      "plain {# kept #}\n",
      "{{ missing }}|{{ 'a' * 3 }}",
      "{% for i in range(3) %}{{ i }}{% endfor %}",
      "{{ 1 / 0 }}",
      "{{ missing.a() }}",
      "{{ range(101) }}",
      "{{ 'a'|nope }}",
      "{{ ''.__class__.__mro__() }}",
      "{{",
      "{% for a in b %}{% for c in d %}{% for e in f %}{% endfor %}{% endfor %}{% endfor %}",
    ]) {
      const parameters = { a: { __prefect_kind: "jinja", template } };
      const run = await api.post(`/deployments/${id}/create_flow_run`, { parameters });
      await api.get(`/flow_runs/${run.id}`, { ignore: ["total_run_time"] });
    }
    const json = { __prefect_kind: "json", value: { __prefect_kind: "jinja", template: "{{ [1, 2.0]|tojson }}" } };
    const { id: run } = await api.post(`/deployments/${id}/create_flow_run`, { parameters: { json } });
    await api.get(`/flow_runs/${run}`);
  }),
]);
