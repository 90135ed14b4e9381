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
    {"a", "address", "the one of the pair that came first into the network", "encounters"},
    {"abilities", "rows", "what the network can do, and what not", "network"},
    {"ability", "text", "a word for it: \"goes_back\"", "network"},
    {"about", "text", "what the scenario is about, in a line", "scenario"},
    {"accuracies", "rows", "accuracies of the last tests, a row per scope", "stats"},
    {"accuracy", "number? | pair", "share of the examples that the model got right, in [0, 1]",
     "confusion diff group log stats test"},
    {"accuracy_count", "count", "nodes with a result of a test, which the next six are over",
     "stats"},
    {"accuracy_max", "number", "largest accuracy of the last tests", "stats"},
    {"accuracy_mean", "number", "mean accuracy of the last tests", "stats"},
    {"accuracy_min", "number", "smallest accuracy of the last tests", "stats"},
    {"accuracy_p10", "number", "10th percentile of the accuracies", "stats"},
    {"accuracy_p90", "number", "90th percentile of the accuracies", "stats"},
    {"accuracy_scope", "text", "scope of the last test, which the figures accuracy_... are of",
     "stats"},
    {"accuracy_std", "number", "standard deviation of the accuracies", "stats"},
    {"address", "text",
     "on which the page is served. The two addresses with their tokens are told on standard error "
     "alone: an answer reaches those who only look, too",
     "page"},
    {"addresses", "list", "addresses of the nodes that the command was about", "node set"},
    {"after", "time", "the clock after the network step, or after the run", "next nstep run"},
    {"age", "time?", "time since the model of the peer came; null: not met yet", "guestbook"},
    {"aggregated", "rows", "the nodes that aggregated", "ag group"},
    {"aggregated_at", "time", "the clock when the message became a part of the receiver's model",
     "why"},
    {"aggregated_nodes", "count", "nodes whose model changed by aggregation", "ag group"},
    {"alone", "list", "addresses of nodes that sent nothing, having no neighbours", "flood gossip"},
    {"arrived_at", "time", "the clock when the message arrived", "why"},
    {"arrives", "time?",
     "when the message arrives or has arrived; null: not sent yet, or not known", "messages"},
    {"attack", "text", "what nodes send instead of what they have learnt: \"noise 0.5\", \"off\"",
     "attack status"},
    {"autonet", "bool", "a network step follows each command; after `autonet`: from now on",
     "autonet help status"},
    {"b", "address", "the other one", "encounters"},
    {"backend", "text", "what carries the messages: network.backend", "network"},
    {"bandwidth", "number?", "of a link, in bits per second; null: without limit", "link"},
    {"before", "time", "the clock before the network step, or before the run", "next nstep run"},
    {"begun", "list", "addresses of nodes whose training has begun, and ends by itself later",
     "group step train"},
    {"behaviour", "text",
     "what the node does by itself, a C++ file without its folder; none: nothing", "status"},
    {"bound", "value", "what the condition compares with; times are in nanoseconds", "expect"},
    {"branch", "text?", "name of a branch; null: it was deleted",
     "branch goto history redo reset switch undo"},
    {"branches", "rows", "the branches", "branch"},
    {"breakpoints", "rows", "the breakpoints that are set", "break"},
    {"busy", "list", "addresses of nodes that were left out, being in a training",
     "ag group step train"},
    {"busy_until", "time?", "when the node's training ends; null: it does not train", "status"},
    {"bytes", "bytes", "size: of the messages, or of what the row is about",
     "checkpoint exchange export flood gossip group messages resend send stats"},
    {"bytes_per_node", "number", "the same, over the number of nodes", "stats"},
    {"changed", "bool", "false: there was no model but its own to average", "ag group"},
    {"changed_labels", "count", "labels of the training part that are not as the data set has them",
     "data labels"},
    {"changed_links", "count", "directions of links that got other properties", "link"},
    {"changed_nodes", "count", "nodes with such labels", "data"},
    {"class", "text", "name of a class", "group test"},
    {"class_names", "list", "names of the classes, in their order", "confusion"},
    {"classes", "rows", "results class by class, a row per node and class", "group test"},
    {"clock", "text", "\"simulated\", or \"wall\" where time passes as for people", "network"},
    {"cmd", "text?", "the command as it was given; null: the row is a result",
     "history log redo undo"},
    {"command", "text", "the commands that are planned, with a ; between", "at every schedule"},
    {"commands", "rows", "the rows of the command table that were asked for", "help"},
    {"components", "count", "parts of the graph between which nothing was delivered", "stats"},
    {"condition", "text", "what is waited for or compared, as it was given", "break expect"},
    {"conditions", "rows", "the comparisons that decided", "expect"},
    {"confusion", "rows", "a row per node, true class and predicted class that occurs",
     "confusion"},
    {"consensus_before", "number?",
     "consensus distance when the cycle began; null: not kept, the models being too large",
     "stats"},
    {"consensus_distance", "number", "mean squared distance of the models to their mean", "stats"},
    {"correct", "count", "examples that the model got right", "group test"},
    {"count", "count?", "how many of them there are; null: cannot be counted",
     "confusion encounters stats"},
    {"cycle", "count", "the cycle: the new one, the present one, or that of the row",
     "branch cycle history log status why"},
    {"cycles", "pair", "the cycles of two moments", "diff"},
    {"data", "text", "name of the data set", "data"},
    {"degree", "count", "number of neighbours", "neighborhood node"},
    {"delivered", "count", "messages that reached an inbox", "deliver nstep stats"},
    {"delivery", "number", "probability that a message arrives, 1 - loss", "link"},
    {"distance", "number?", "distance of the peer's model from the node's own; null: not met yet",
     "diff guestbook"},
    {"distinct_models", "count", "models that differ, each kept once", "stats"},
    {"distinct_rows", "count", "rows of parameters and optimizer states that differ", "stats"},
    {"done", "list", "addresses of the nodes that joined or left the group", "group"},
    {"down_links", "count", "links that are down in both directions, and not written", "save"},
    {"dropped_commands", "count", "commands that the log in memory does not hold any more", "log"},
    {"dropped_results", "count", "results that the log in memory does not hold any more",
     "log save"},
    {"due", "time", "when the planned command runs next", "at every schedule"},
    {"edge_count", "count", "edges of the topology that was written", "save"},
    {"emptied", "bool", "the group existed, and lost its members", "group"},
    {"encounter_count", "count", "records in the guestbook", "status"},
    {"encounters", "rows", "whom the nodes have met", "encounters guestbook"},
    {"ends", "list", "branches whose last moment it is", "history"},
    {"entropy", "number", "of the labels' distribution, in bits", "data"},
    {"epochs", "count", "passes over the training part; 0 where training.local_steps counted",
     "group step train"},
    {"every", "time?", "from one time that it runs to the next; null: it runs once",
     "at every schedule"},
    {"exact", "bool", "false: a rule or a compressor on the way did not say what it took", "why"},
    {"example", "text", "a use of the command", "help"},
    {"examples", "count?", "examples that were trained on, tested on, or that the node has",
     "confusion data group guestbook labels neighborhood node step test train"},
    {"expiry", "count?", "aggregations that the record still serves; null: not met yet",
     "guestbook"},
    {"failed", "count", "parts that ended in an error, with --keep-going",
     "load next nstep repeat run step train"},
    {"few", "list", "addresses of nodes that had fewer neighbours than asked for", "gossip"},
    {"file", "text", "path of the file that was read or written",
     "checkpoint export import load save scenario"},
    {"files", "rows", "the files that were written", "export import"},
    {"forgotten", "value",
     "of `branch delete` a count, moments that nothing leads to any more; of `why` true or false: "
     "meetings that may have been on a way are no longer kept",
     "branch why"},
    {"from", "address", "the sending end of the link or of the message",
     "diff link messages stats why"},
    {"gap_exact", "bool", "false: the spectral gap is at most what is said", "stats"},
    {"gone", "text?", "why the network has gone; null: it is there", "network"},
    {"group", "text", "name of the group", "group"},
    {"group_count", "count", "number of groups", "status"},
    {"groups", "list", "names of the node's groups; of `group list`: rows, one a group",
     "group neighborhood"},
    {"happened", "rows", "the happenings that were told, one sentence each", "next run"},
    {"happenings", "count", "what has happened, planned commands included", "next run"},
    {"has", "bool", "whether the network can do it", "network"},
    {"hits", "count", "how often the breakpoint was hit", "break"},
    {"holds", "bool", "whether the condition holds", "break expect"},
    {"host", "text", "the machine that the process runs on", "stats"},
    {"how", "text", "what was done to the labels: \"flip 0 1\"", "labels"},
    {"in_bytes", "bytes", "of the messages that arrived at the node", "stats"},
    {"in_delivered", "count", "of the messages sent to the node: arrived", "stats"},
    {"in_flight", "count", "messages on their way, or to this node", "network nstep stats status"},
    {"in_flight_from", "count", "messages that the node has sent and that are on the wire",
     "status"},
    {"in_lost", "count", "of the messages sent to the node: lost", "stats"},
    {"in_lost_backend", "count", "of these: the network has gone with them", "stats"},
    {"in_lost_contact", "count", "of these: the two parted while it was on its way", "stats"},
    {"in_lost_detached", "count", "of these: an end has left", "stats"},
    {"in_lost_down", "count", "of these: an end was down", "stats"},
    {"in_lost_dropped", "count", "of these: taken away by `drop`", "stats"},
    {"in_lost_expired", "count", "of these: not carried in time", "stats"},
    {"in_lost_loss", "count", "of these: lost by the link", "stats"},
    {"in_lost_unreachable", "count", "of these: the link was down", "stats"},
    {"in_sent", "count", "messages sent to the node", "stats"},
    {"inbox", "count", "messages received and not yet aggregated", "stats status"},
    {"initial", "number", "weight of the source's initial parameters in the model; they sum to 1",
     "why"},
    {"kept", "bool", "one can go to the moment", "history"},
    {"kept_from", "count", "the oldest moment to which one can go back step by step", "history"},
    {"kept_nodes", "count", "present nodes whose rows the process keeps", "stats"},
    {"key", "text", "a key of the configuration", "config diff set status"},
    {"keys", "rows", "keys of the configuration", "config"},
    {"labels", "object", "number of examples by class: {\"cat\":12,\"dog\":0}", "data"},
    {"last", "bool", "the last test of the run was on this scope", "stats"},
    {"latency", "object",
     "of a link: kind constant, uniform, normal or exponential, with a and b in nanoseconds",
     "link"},
    {"latency_count", "count", "messages that the latencies are of, those dropped since included",
     "stats"},
    {"latency_max", "time?", "longest time from sending to arrival, with waiting for the link",
     "stats"},
    {"latency_mean", "time?", "mean time from sending to arrival; null: nothing arrived", "stats"},
    {"latency_p50", "time?", "median of these times", "stats"},
    {"latency_p90", "time?", "90th percentile of these times", "stats"},
    {"latency_p99", "time", "99th percentile of these times", "stats"},
    {"left_out", "count", "of the messages delivered in the cycle: not looked at", "stats"},
    {"links", "rows", "the links, each direction for itself", "link stats"},
    {"listed", "bytes", "sum of the parts", "stats"},
    {"log", "rows", "commands and results, in order", "log"},
    {"loss", "number?",
     "of a model: mean loss in nats; of a link: probability that a message is lost",
     "confusion group link log step test train"},
    {"lost", "count | pair", "messages that will not arrive", "diff drop network node nstep stats"},
    {"lost_backend", "count", "lost because the network has gone with them", "stats"},
    {"lost_contact", "count", "lost because the two parted while it was on its way", "stats"},
    {"lost_detached", "count", "lost because an end or the link went for good", "stats"},
    {"lost_down", "count", "lost because the receiver or the link was down", "stats"},
    {"lost_dropped", "count", "lost because somebody took them away (`drop`)", "stats"},
    {"lost_expired", "count", "lost because they were too old", "stats"},
    {"lost_loss", "count", "lost by chance, as the link says", "stats"},
    {"lost_unreachable", "count", "lost because there was no way to the receiver", "stats"},
    {"lr", "number", "learning rate of the training, as its schedule gave it", "group step train"},
    {"made", "bool", "the nodes were no neighbours before", "link"},
    {"mark", "text", "name of a moment", "mark"},
    {"marks", "list", "names of the moment", "history"},
    {"max", "number", "largest of the values", "stats"},
    {"mean", "number", "mean of the values", "stats"},
    {"meaning", "text", "what the ability is", "network"},
    {"member_count", "count", "members that the group had", "group"},
    {"members", "list", "addresses of the group's members", "group"},
    {"memory_data", "bytes", "examples of the data set", "stats"},
    {"memory_indices", "bytes", "lists of the nodes' examples", "stats"},
    {"memory_model_rows", "bytes", "parameters of models", "stats"},
    {"memory_network", "bytes", "links and mailboxes", "stats"},
    {"memory_parts", "rows", "where memory goes", "stats"},
    {"memory_resident", "bytes", "memory of the whole process", "stats"},
    {"memory_state_rows", "bytes", "optimizer states", "stats"},
    {"message", "count", "number of the message", "messages resend why"},
    {"messages", "rows",
     "those that are not yet aggregated; of `diff`: a row per link over which more was sent or "
     "lost in one moment than in the other",
     "diff messages"},
    {"met", "rows | pair",
     "who has met whom in one moment only; in a row: whether in each of the two", "diff"},
    {"metric", "text", "what was measured", "expect"},
    {"min", "number", "smallest of the values", "stats"},
    {"model", "text", "hash of the model of the node, 16 hexadecimal digits", "hash"},
    {"model_uses", "count", "how often the distinct models are referred to", "stats"},
    {"models", "count", "models that were written", "export import"},
    {"moment", "count", "number of a moment; of a branch: of its last one",
     "branch goto history mark redo reset switch undo"},
    {"moments", "rows",
     "moments: the last ones; those that were taken back, newest first; those that were gone "
     "through again",
     "history redo undo"},
    {"moved_from", "count?", "the moment at which the mark was before; null: it is new", "mark"},
    {"name", "text", "name of the node, \"\" without one; of the scenario",
     "ag config confusion diff export group guestbook hash import labels move neighborhood node "
     "positions scenario stats status step test train why"},
    {"neighbours", "list", "addresses of the neighbours", "neighborhood"},
    {"network", "text", "a network that this program has", "network"},
    {"networks", "rows", "the networks that this program has", "network"},
    {"never_sent", "count", "messages taken away before they were sent", "drop"},
    {"next", "rows", "what comes next: one row, or none where nothing is to come", "next"},
    {"node", "address?", "address of the node",
     "ag config confusion data diff export group guestbook hash import labels log move "
     "neighborhood node positions stats status step test train why"},
    {"node_count", "count", "number of nodes", "attack lrate save stats status"},
    {"nodes", "rows", "one row a node", "data diff group hash labels neighborhood stats status"},
    {"notes", "list", "what the change also means, for people", "set"},
    {"now", "bool", "the two are in contact", "encounters"},
    {"nstep", "object",
     "the network step that autonet made after the command; members as those of `nstep`",
     "ag attack autonet exchange flood gossip group labels link lrate node send step test train"},
    {"number", "count", "of a breakpoint or of a planned command, from 1",
     "at break every schedule"},
    {"ok", "bool?", "of a command in the log; null: the row is a result", "log"},
    {"older", "count | pair",
     "of these results: of models that have changed since; of a node in two moments: whether each "
     "is",
     "diff stats"},
    {"one_way", "count", "links that are up in one direction alone, written in both", "save"},
    {"origin", "text", "where the value came from: default, a file and line, the command line, set",
     "config"},
    {"out_bytes", "bytes", "put on the wire by the node", "stats"},
    {"out_delivered", "count", "of the messages sent by the node: arrived", "stats"},
    {"out_lost", "count", "of the messages sent by the node: lost", "stats"},
    {"out_lost_backend", "count", "of these: the network has gone with them", "stats"},
    {"out_lost_contact", "count", "of these: the two parted while it was on its way", "stats"},
    {"out_lost_detached", "count", "of these: an end has left", "stats"},
    {"out_lost_down", "count", "of these: an end was down", "stats"},
    {"out_lost_dropped", "count", "of these: taken away by `drop`", "stats"},
    {"out_lost_expired", "count", "of these: not carried in time", "stats"},
    {"out_lost_loss", "count", "of these: lost by the link", "stats"},
    {"out_lost_unreachable", "count", "of these: the link was down", "stats"},
    {"out_sent", "count", "messages sent by the node", "stats"},
    {"outbox", "count", "messages that wait for a network step", "status"},
    {"own_options", "rows", "training keys that nodes have a value of their own for", "status"},
    {"p10", "number", "10th percentile of the values", "stats"},
    {"p90", "number", "90th percentile of the values", "stats"},
    {"pairs", "count", "of nodes between which a message was delivered in the cycle", "stats"},
    {"parameters", "count", "numbers in a model", "status"},
    {"part", "text", "what the row is about", "stats"},
    {"peer", "address", "the node that was met, or a neighbour that was not yet", "diff guestbook"},
    {"peers", "count", "models that were averaged beside the node's own", "ag group"},
    {"plans", "rows", "the planned commands, the next one first", "schedule"},
    {"port", "count", "on which the page is served", "page"},
    {"positions", "rows", "where the nodes are", "positions"},
    {"predicted", "text", "the class that the model takes the examples for", "confusion"},
    {"present", "bool", "it is the present one", "branch history"},
    {"process", "count", "number of the process; 0 leads", "stats"},
    {"processes", "rows", "a row per process, of a run that several share", "stats"},
    {"queued", "count", "messages put into outboxes, or waiting there",
     "exchange flood gossip group network resend send stats status"},
    {"rate", "number", "communal learning rate: how much of the average a node takes, in [0, 1]",
     "ag group lrate status"},
    {"reached_from", "list?",
     "addresses of the nodes from which a chain of messages leads to the node in the cycle; null: "
     "not found out, with more than 4,096 nodes",
     "stats"},
    {"reaches", "count?", "nodes to which such a chain leads from the node; null: as reached_from",
     "stats"},
    {"received", "count", "messages that reached the node's inbox in the cycle", "stats"},
    {"received_bytes", "bytes", "of rows that came to the process from others so far", "stats"},
    {"removed", "list", "addresses of the nodes that left", "node"},
    {"resident", "bytes", "memory of the whole process", "stats"},
    {"result_count", "count", "results that were written", "save"},
    {"results", "rows", "one row a node that was tested", "confusion group test"},
    {"rounds", "count",
     "the round in which a breakpoint has ended it; not there where all of them ran", "repeat"},
    {"row_bytes", "bytes", "of the rows that the process has", "stats"},
    {"row_bytes_per_node", "number", "models and optimizer states, over the number of nodes",
     "stats"},
    {"rows", "count", "models and optimizer states whose numbers the process has", "stats"},
    {"scenarios", "rows", "the scenarios that there are", "scenario"},
    {"scope", "text?", "what was tested on: general, local, global, group NAME or sample K",
     "confusion diff group help log stats test"},
    {"script", "text?", "path of the script that plays the scenario; null: it has none",
     "scenario"},
    {"seconds", "number", "that the two have been in contact so far", "encounters"},
    {"sent", "count | pair", "messages put on the wire", "diff nstep stats"},
    {"sent_at", "time", "the clock when the message was put on the wire", "why"},
    {"sentence", "text", "what the command does, or the network is", "help network"},
    {"served", "bool", "a page is served from now on", "page"},
    {"settings", "rows",
     "keys that differ, and what else commands set (\"link default loss\", \"group g\", \"up\"); "
     "node is null where it is not of a node alone",
     "diff"},
    {"shows", "bool", "the command only shows something", "help"},
    {"sim_time", "time", "the clock", "stats status"},
    {"single", "bool", "the link has properties of its own", "link"},
    {"size", "count", "number of members", "group"},
    {"skipped", "list", "addresses of nodes that were left out, being down",
     "ag confusion flood gossip group labels lrate nstep step test train"},
    {"skipped_pairs", "count", "pairs of members that are no neighbours", "group"},
    {"sources", "rows", "what of each node is in the model", "why"},
    {"spectral_gap", "number", "1 - max(|lambda_2|, |lambda_n|) of the graph, in [0, 1]", "stats"},
    {"state", "text", "where the message is: outbox, flight, arrived (and waiting) or inbox",
     "messages"},
    {"std", "number", "standard deviation of the values", "stats"},
    {"steps", "count", "mini-batches that were trained on", "group step train"},
    {"stopped_by", "text",
     "what ended it: duration, condition, break, count, interrupt, or idle, where nothing was to "
     "come; of `repeat` break alone, not there where all rounds ran",
     "next repeat run"},
    {"t", "time | pair", "the clock of the moment; of two moments; of a happening",
     "branch diff history next run"},
    {"tensors", "count", "tensors in the file", "export import"},
    {"test_acc", "number?", "accuracy of the node's last test; null: not tested", "status"},
    {"test_loss", "number?", "loss of the node's last test, in nats; null: not tested", "status"},
    {"test_scope", "text?", "scope of the node's last test; null: not tested", "status"},
    {"text", "text", "what people read", "echo help scenario"},
    {"there", "pair", "whether the node is present in each of two moments", "diff"},
    {"times", "count", "rounds that were asked for", "repeat"},
    {"to", "address", "the receiving end of the link or of the message",
     "diff link messages stats why"},
    {"train_loss", "number?", "mean loss of the last training, in nats; null: not trained",
     "group status step train"},
    {"trained", "value",
     "rows, the nodes that trained; of `why`: a number, the sum of the weights of the source's "
     "trainings in the model",
     "group step train why"},
    {"trained_nodes", "count", "number of nodes that trained", "group step train"},
    {"trainings", "count",
     "how often the node has trained; of `why`: how many of its trainings are in the model",
     "stats status why"},
    {"true", "text", "the class that the examples have", "confusion"},
    {"type", "text", "COMMAND or RESULT", "log"},
    {"unfinished", "list",
     "addresses of nodes that went offline in their training, and nothing was to come that would "
     "bring them back: as before",
     "group step train"},
    {"unneeded", "list", "addresses of nodes that were members already, or were none", "group"},
    {"up", "bool", "the node or the link is up", "group link neighborhood node positions status"},
    {"up_count", "count", "nodes that are up", "status"},
    {"usage", "text", "how the command is written", "help"},
    {"value", "value", "of a key, as JSON; of a metric, a number; of a time, nanoseconds",
     "config expect set status"},
    {"values", "pair", "what the key has in each of two moments; null: it is not there", "diff"},
    {"version", "text", "of the program behind the network: \"ns-3 3.37\"; \"absent\"", "network"},
    {"waiting", "count", "messages that have arrived and wait for their receiver's network step",
     "nstep stats status"},
    {"way", "rows", "messages by which knowledge of the source came, from the source on", "why"},
    {"way_weight", "number",
     "weight that the knowledge of the source has by this way; 0: no way is known", "why"},
    {"weight", "number", "of the message's model in the new model of the receiver", "why"},
    {"what", "text", "what has happened, or will, in one sentence", "next run"},
    {"without_data", "list", "addresses of nodes that had no examples for it",
     "group step test train"},
    {"world", "text", "hash of all that decides the future, 16 hexadecimal digits", "hash"},
    {"x", "number", "metres from the left side of the field", "move positions"},
    {"y", "number", "metres from its lower side", "move positions"},
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
| `cmd` | text | the command that the object answers; "" where it answers none: something was wrong before the first command, with a request, or with the record of `--out`, which is told between requests |
| `ok` | bool | false: there is an `error` |
| `t` | time | the clock of the simulation after the command |
| `cycle` | count | the cycle in which the command began, as in the log |
| `result` | object or null | see below; null with an error, but of a `run` or `next` that was stopped (code 130 or 143) it says how far it came |
| `error` | object | `code` (the exit code that it stands for), `message`, `where` (its place, or ""), `hint` (what to do, or ""). With a place in a text `file`, `line`, `column` too; in a script that others loaded `loaded_from`, a list such as `["main.del:3"]`, innermost first. Of an `expect` that failed `metric`, `value`, `conditions`, as in its result |
| `parts` | count | of `repeat` and `load`, which answer after their parts, and of what planned commands have run in: how many answers of the same `id` (without one, where this one has none) right before this one are those of their parts. Parts of parts count too; objects with `progress` or `cancel` do not, nor do answers to other requests, which were cancelled before they began and may stand in between |
| `breaks` | rows | the breakpoints that the command has hit: `number`, `condition`, `what` (one sentence), `ends` (`run`, `next`, `repeat` or `line`: what ended by it; or null). Not there where none was hit |
| `fatal` | bool | true, where an error ends the program; else not there |
| `done` | bool | true in the last object of a request; else not there |
| `client` | text | who has given the command, where that was not the one who reads here: `page 1`; else not there |
| `cancel` | bool | true where a cancel found no request with its id; else not there |

Every command that was begun is answered once, also one that fails or is stopped. What is dropped behind an error is not
answered, but the `repeat` or `load` that it lies in is, with `ok` false.

Nodes are given by address. Times are whole nanoseconds of simulated time, real numbers have full precision, and `null` stands
for what has no number. Notes and warnings at the start are no objects: they go to standard error, unless `--quiet` is given.

## Requests

A line of standard input that is an object is a request, at a terminal too. Other lines are commands, as always; after the first
request, and at a terminal from the start, they are like requests without `id`: an error in one ends that line, not the program.

| member | type | |
|---|---|---|
| `id` | text or number | must be there; the objects of the answer carry it |
| `cmd` | text | one or more commands, as in a script; blocks and quotes must be closed |
| `progress` | bool | true: while it runs, an object with `progress` comes once a second |

An error ends its request and nothing else. A wrong request is answered with `error` and `done`. A line `{"cancel":ID}` ends the
request with that id: the running command, at its next safe point, answers with code 130, and a request that waits answers so at
once. SIGINT ends the command that runs. The program ends with 0 at the end of its input or after `exit`, with 143 after SIGTERM. Requests that wait then are answered: with code 143, or with code 1 behind an `exit`. What nobody reads for
half a second after SIGTERM is lost.

| member of `progress` | type | |
|---|---|---|
| `seconds` | count | since the request began, by the clock on the wall |
| `answers` | count | answers so far |
| `nodes_done`, `nodes_total` | count | of the training that runs; 0 where none does |

An object with `progress` answers nothing and has no `cmd`.

## Results

One name means one thing in every reply. Types: *count* and *bytes* are whole numbers, *time* is in nanoseconds, *rows* is a list
of objects, *list* one of texts, *pair* a list of two values, of one moment and of another; `?` stands for *or null*.

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
| `new module`, `new aggregator`, `new behaviour` | `file` |
| `plot` | `files` that were written; with `--data` `text`, the table |
| `sweep` | `table` (file of the metrics of all runs that are done; empty: none is), `code` (the exit code); `runs`, rows of `folder`, `code` (-1: not run), `skipped` (done before) |
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
