#include "console/commands/json_members.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "console/commands/command_table.h"

namespace delstep {
namespace {

// In the order of the alphabet, as the page lists them.
constexpr JsonMember kMembers[] = {
    {"accuracy", "number?", "share of the examples that the model got right, in [0, 1]", ""},
    {"accuracy_count", "count", "nodes with a result of a test, which the next six are over", ""},
    {"accuracy_max", "number", "largest accuracy of the last tests", ""},
    {"accuracy_mean", "number", "mean accuracy of the last tests", ""},
    {"accuracy_min", "number", "smallest accuracy of the last tests", ""},
    {"accuracy_p10", "number", "10th percentile of the accuracies", ""},
    {"accuracy_p90", "number", "90th percentile of the accuracies", ""},
    {"accuracy_std", "number", "standard deviation of the accuracies", ""},
    {"addresses", "list", "addresses of the nodes that the command was about", ""},
    {"after", "time", "the clock after the network step", ""},
    {"age", "time?", "time since the model of the peer came; null: not met yet", ""},
    {"aggregated", "rows", "the nodes that aggregated", ""},
    {"aggregated_nodes", "count", "nodes whose model changed by aggregation", ""},
    {"alone", "list", "addresses of nodes that sent nothing, having no neighbours", ""},
    {"autonet", "bool", "a network step follows each command; after `autonet`: from now on", ""},
    {"bandwidth", "number?", "of a link, in bits per second; null: without limit", ""},
    {"before", "time", "the clock before the network step", ""},
    {"bytes", "bytes", "size: of the messages, or of what the row is about", ""},
    {"bytes_per_node", "number", "the same, over the number of nodes", ""},
    {"changed", "bool", "false: there was no model but its own to average", ""},
    {"changed_labels", "count", "labels of the training part that are not as the data set has them",
     ""},
    {"changed_nodes", "count", "nodes with such labels", ""},
    {"cmd", "text?", "the command as it was given; null: the row is a result", ""},
    {"commands", "rows", "the rows of the command table that were asked for", ""},
    {"consensus_distance", "number", "root mean square distance of the models from their mean", ""},
    {"count", "count?", "how many of them there are; null: cannot be counted", ""},
    {"cycle", "count", "the cycle: the new one, the present one, or that of the log's row", ""},
    {"data", "text", "name of the data set", ""},
    {"degree", "count", "number of neighbours", ""},
    {"delivered", "count", "messages that reached an inbox", ""},
    {"delivery", "number", "probability that a message arrives, 1 - loss", ""},
    {"distance", "number?", "distance of the peer's model from the node's own; null: not met yet",
     ""},
    {"distinct_models", "count", "models that differ, each kept once", ""},
    {"distinct_rows", "count", "rows of parameters and optimizer states that differ", ""},
    {"done", "list", "addresses of the nodes that joined or left the group", ""},
    {"edge_count", "count", "edges of the topology that was written", ""},
    {"emptied", "bool", "the group existed, and lost its members", ""},
    {"encounter_count", "count", "records in the guestbook", ""},
    {"encounters", "rows", "whom the nodes have met", ""},
    {"entropy", "number", "of the labels' distribution, in bits", ""},
    {"epochs", "count", "passes over the training part; 0 where training.local_steps counted", ""},
    {"example", "text", "a use of the command", ""},
    {"examples", "count?", "examples that were trained on, tested on, or that the node has", ""},
    {"expiry", "count?", "aggregations that the record still serves; null: not met yet", ""},
    {"failed", "count", "parts that ended in an error, with --keep-going", ""},
    {"few", "list", "addresses of nodes that had fewer neighbours than asked for", ""},
    {"file", "text", "path of the file that was read or written", ""},
    {"files", "rows", "the files that were written", ""},
    {"from", "address", "the sending end of the link", ""},
    {"group", "text", "name of the group", ""},
    {"group_count", "count", "number of groups", ""},
    {"groups", "list", "names of the node's groups; of `group list`: rows, one a group", ""},
    {"how", "text", "what was done to the labels: \"flip 0 1\"", ""},
    {"in_flight", "count", "messages on their way, or to this node", ""},
    {"inbox", "count", "messages received and not yet aggregated", ""},
    {"key", "text", "a key of the configuration", ""},
    {"keys", "rows", "keys of the configuration", ""},
    {"labels", "object", "number of examples by class: {\"cat\":12,\"dog\":0}", ""},
    {"latency", "object",
     "of a link: kind constant, uniform, normal or exponential, with a and b in nanoseconds", ""},
    {"latency_count", "count", "messages that the latencies are of", ""},
    {"latency_max", "time", "longest time from sending to arrival, with waiting for the link", ""},
    {"latency_p50", "time", "median of these times", ""},
    {"latency_p90", "time", "90th percentile of these times", ""},
    {"latency_p99", "time", "99th percentile of these times", ""},
    {"links", "rows", "the links, each direction for itself", ""},
    {"listed", "bytes", "sum of the parts", ""},
    {"log", "rows", "commands and results, in order", ""},
    {"loss", "number?",
     "of a model: mean loss in nats; of a link: probability that a message is lost", ""},
    {"lost", "count", "messages that will not arrive", ""},
    {"lost_detached", "count", "lost because an end or the link went for good", ""},
    {"lost_down", "count", "lost because the receiver or the link was down", ""},
    {"lost_expired", "count", "lost because they were too old", ""},
    {"lost_loss", "count", "lost by chance, as the link says", ""},
    {"lost_unreachable", "count", "lost because there was no way to the receiver", ""},
    {"lr", "number", "learning rate of the training, as its schedule gave it", ""},
    {"made", "bool", "the nodes were no neighbours before", ""},
    {"members", "list", "addresses of the group's members", ""},
    {"memory_data", "bytes", "examples of the data set", ""},
    {"memory_indices", "bytes", "lists of the nodes' examples", ""},
    {"memory_model_rows", "bytes", "parameters of models", ""},
    {"memory_network", "bytes", "links and mailboxes", ""},
    {"memory_parts", "rows", "where memory goes", ""},
    {"memory_resident", "bytes", "memory of the whole process", ""},
    {"memory_state_rows", "bytes", "optimizer states", ""},
    {"metric", "text", "what was measured", ""},
    {"model_uses", "count", "how often the distinct models are referred to", ""},
    {"models", "count", "models that were written", ""},
    {"name", "text", "name of the node, \"\" without one", ""},
    {"neighbours", "list", "addresses of the neighbours", ""},
    {"node", "address?", "address of the node", ""},
    {"node_count", "count", "number of nodes", ""},
    {"nodes", "rows", "one row a node", ""},
    {"notes", "list", "what the change also means, for people", ""},
    {"nstep", "object",
     "the network step that autonet made after the command; members as those of `nstep`", ""},
    {"ok", "bool?", "of a command in the log; null: the row is a result", ""},
    {"origin", "text", "where the value came from: default, a file and line, the command line, set",
     ""},
    {"outbox", "count", "messages that wait for a network step", ""},
    {"own_options", "rows", "training keys that nodes have a value of their own for", ""},
    {"parameters", "count", "numbers in a model", ""},
    {"part", "text", "what the row is about", ""},
    {"peer", "address", "the node that was met, or a neighbour that was not yet", ""},
    {"peers", "count", "models that were averaged beside the node's own", ""},
    {"queued", "count", "messages put into outboxes, or waiting there", ""},
    {"rate", "number", "communal learning rate: how much of the average a node takes, in [0, 1]",
     ""},
    {"removed", "list", "addresses of the nodes that left", ""},
    {"result_count", "count", "results that were written", ""},
    {"results", "rows", "one row a node that was tested", ""},
    {"row_bytes_per_node", "number", "models and optimizer states, over the number of nodes", ""},
    {"scope", "text?", "what was tested on: general, local, global or group NAME", ""},
    {"sent", "count", "messages put on the wire", ""},
    {"sentence", "text", "what the command does", ""},
    {"shows", "bool", "the command only shows something", ""},
    {"sim_time", "time", "the clock", ""},
    {"single", "bool", "the link has properties of its own", ""},
    {"size", "count", "number of members", ""},
    {"skipped", "list", "addresses of nodes that were left out, being down", ""},
    {"skipped_pairs", "count", "pairs of members that are no neighbours", ""},
    {"steps", "count", "mini-batches that were trained on", ""},
    {"tensors", "count", "tensors in the file", ""},
    {"test_acc", "number?", "accuracy of the node's last test; null: not tested", ""},
    {"test_loss", "number?", "loss of the node's last test, in nats; null: not tested", ""},
    {"test_scope", "text?", "scope of the node's last test; null: not tested", ""},
    {"text", "text", "what people read", ""},
    {"times", "count", "rounds that were asked for", ""},
    {"to", "address", "the receiving end of the link", ""},
    {"train_loss", "number?", "mean loss of the last training, in nats; null: not trained", ""},
    {"trained", "rows", "the nodes that trained", ""},
    {"trained_nodes", "count", "number of nodes that trained", ""},
    {"trainings", "count", "how often the node has trained", ""},
    {"type", "text", "COMMAND or RESULT", ""},
    {"unneeded", "list", "addresses of nodes that were members already, or were none", ""},
    {"up", "bool", "the node or the link is up", ""},
    {"up_count", "count", "nodes that are up", ""},
    {"usage", "text", "how the command is written", ""},
    {"value", "value", "of a key, as JSON; of a metric, a number", ""},
    {"waiting", "count", "messages that have arrived and wait for their receiver's network step",
     ""},
    {"without_data", "list", "addresses of nodes that had no examples for it", ""},
};

constexpr std::string_view kHead = R"(# JSON

Made from the program (`delstep docs json`). With `--json` standard output holds one object a line, and nothing else;
errors are objects too, and are not said on standard error. `docs/guide/programs.md` shows how a program drives another
with it.

## Objects

| member | type | |
|---|---|---|
| `v` | count | version of this form, 2. Members may be added under the same number; what is there keeps its meaning |
| `n` | count | number of the object, from 1 |
| `id` | text or number | of the request that the object belongs to, as it came; not there without a request |
| `cmd` | text | the command that the object answers; "" where it answers none: something was wrong before the first command, or with a request |
| `ok` | bool | false: there is an `error` |
| `t` | time | the clock of the simulation after the command |
| `cycle` | count | the cycle in which the command began, as in the log |
| `result` | object or null | see below; null with an error |
| `error` | object | `code` (the exit code that it stands for), `message`, `where` (its place, or ""), `hint` (what to do, or ""). With a place in a text `file`, `line`, `column` too; in a script that others loaded `loaded_from`, innermost first |
| `parts` | count | of `repeat` and `load`, which answer after their parts: how many answers right before this one are those of their parts. Parts of parts count too; objects with `progress` or `cancel` do not |
| `fatal` | bool | true, where an error ends the program; else not there |
| `done` | bool | true in the last object of a request; else not there |
| `cancel` | bool | true where a cancel found no request with its id; else not there |

Every command that was begun is answered once, also one that fails or is stopped. What is dropped behind an error is not
answered, but the `repeat` or `load` that it lies in is, with `ok` false.

Nodes are given by address. Times are whole nanoseconds of simulated time, real numbers have full precision, and `null` stands
for what has no number.

## Requests

A line of standard input that is an object is a request. Other lines are commands, as always.

| member | type | |
|---|---|---|
| `id` | text or number | must be there; the objects of the answer carry it |
| `cmd` | text | one or more commands, as in a script; blocks and quotes must be closed |
| `progress` | bool | true: while it runs, an object with `progress` comes once a second |

An error ends its request and nothing else. A wrong request is answered with `error` and `done`. A line `{"cancel":ID}` ends the
request with that id: the running command, at its next safe point, answers with code 130, and a request that waits answers so at
once. SIGINT ends the command that runs. The program ends with 0 at the end of its input or after `exit`, with 143 after SIGTERM.

| member of `progress` | type | |
|---|---|---|
| `seconds` | count | since the request began, by the clock on the wall |
| `answers` | count | answers so far |
| `nodes_done`, `nodes_total` | count | of the training that runs; 0 where none does |

An object with `progress` answers nothing and has no `cmd`.

## Results

One name means one thing in every reply. Types: *count* and *bytes* are whole numbers, *time* is in nanoseconds, *rows* is a list
of objects, *list* one of texts; `?` stands for *or null*.

| member | type | meaning | commands |
|---|---|---|---|
)";

constexpr std::string_view kTail = R"(
## The command line

| `cmd` | `result` |
|---|---|
| `--check` | comes after an object with an `error` for each thing that is wrong: `scripts`, `errors` (their number), `code` (the exit code) |
| `--help`, `docs PAGE` | `text` |
| `--version` | `delstep`, `compiler`, `build`, `instruction_set`; `learners` and `networks`, rows of `part`, `present`, `detail` |
| `bench --signature` | `signature` |
| `doctor` | `healthy`; `findings`, rows of `state` (`ok`, `note`, `missing`), `subject`, `detail`, `to_do` |
| `new module` | `file` |
)";

}  // namespace

std::span<const JsonMember> JsonMembers() { return kMembers; }

const JsonMember* FindJsonMember(std::string_view name) {
  const auto found = std::ranges::find(kMembers, name, &JsonMember::name);
  return found == std::end(kMembers) ? nullptr : &*found;
}

std::string JsonReference() {
  std::string page(kHead);
  for (const JsonMember& member : kMembers)
    page += fmt::format("| `{}` | {} | {} | {} |\n", member.name, member.type, member.meaning,
                        member.verbs);
  page += "\n### By command\n\n| command | members |\n|---|---|\n";
  for (const std::string& verb : Verbs()) {
    std::vector<std::string> members;
    for (const JsonMember& member : kMembers)
      if (std::ranges::count(Split(member.verbs, ' '), verb) > 0)
        members.push_back(fmt::format("`{}`", member.name));
    page += fmt::format("| `{}` | {} |\n", verb, members.empty() ? "none" : Join(members, ", "));
  }
  return page + std::string(kTail);
}

}  // namespace delstep
