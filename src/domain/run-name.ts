const QUALITIES =
  "able amber ample apt azure bold brave breezy bright brisk calm candid clever cobalt coral cosmic crisp curious dapper daring deft eager early earnest elegant fancy fearless festive fluent frank fresh gentle gilded glad golden graceful grand happy hardy hasty honest humble ideal ivory jade jolly keen kind lively loyal lucid lucky lunar mellow merry mighty mild misty modest neat nimble noble olive patient placid plucky polite proud quick quiet rapid ready regal rosy ruby rustic sage sandy scarlet serene sharp silent silver sleek smart smooth snowy solar solid spry steady stoic sturdy subtle sunny swift tender thrifty tidy topaz tranquil trusty upbeat valiant velvet vivid warm wise witty young zesty".split(
    " ",
  );
const CREATURES =
  "adder albatross alpaca ant antelope badger beaver beetle bison bobcat buffalo camel caracal caribou cat cheetah cicada cobra condor coot cougar coyote crane cricket crow curlew deer dingo dolphin dormouse dove eagle eel egret eland elk falcon ferret finch firefly fox gannet gazelle gecko gibbon goose gopher grouse gull hare hawk heron hippo hornet horse ibex ibis iguana impala jackal jaguar jay kestrel kite kiwi koala kudu lapwing lark lemur leopard lion lizard llama lobster lynx macaw magpie mallard manatee marlin marmot marten mink mole moose moth mule narwhal newt ocelot octopus okapi orca oriole osprey otter owl oyster panda panther parrot pelican penguin perch petrel pigeon pika plover pony puffin puma quail rabbit raccoon raven robin salmon seal shark shrew skunk skylark sloth snail sparrow squid stork swallow swan swift tapir tern tiger toad toucan trout turtle viper vole vulture walrus warthog wasp weasel whale wolf wombat wren yak zebra".split(
    " ",
  );

/** A pronounceable two-word name for a run nobody named, such as `calm-owl`. `random` is uniform in [0, 1). */
export function runName(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] as string;
  return `${pick(QUALITIES)}-${pick(CREATURES)}`;
}
