#include "console/commands/glossary.h"

#include <algorithm>

#include "base/text.h"

namespace delstep {
namespace {

constexpr GlossaryEntry kGlossary[] = {
    {"accuracy", "acc, test_acc",
     "The share of tested examples whose class the model names: 1 is all of them. `status` shows "
     "that of the last test in its column acc.",
     "test, status"},
    {"age", "",
     "In the guestbook: how much simulated time has passed since the record's model arrived.",
     "guestbook"},
    {"aggregate", "average, aggregation",
     "To replace a node's model by a mixture of it and of the models that the node has received. "
     "aggregation.name says how they are mixed.",
     "ag, lrate"},
    {"attack", "attacker, byzantine",
     "What a node sends instead of what it has learnt, such as the opposite. An attacker trains as "
     "before; robust rules of aggregation withstand some of them.",
     "attack, status"},
    {"autonet", "",
     "While autonet is on, a full network step follows each command that learns, sends or changes "
     "the "
     "network.",
     "autonet, status"},
    {"behaviour", "turn",
     "What a node does by itself while time runs: in its turns, which come every behaviour.period, "
     "and when something happens to it. behaviour.name chooses it; none does nothing.",
     "run, next, set, status"},
    {"branch", "",
     "A line of moments with a name. The first one is main; another begins with `branch NAME`, or "
     "by "
     "itself where another command is given after `undo`. Branches share the moments before they "
     "parted.",
     "branch, switch, history"},
    {"breakpoint", "break",
     "What a person waits for: a happening, such as a message that arrives, or a condition that "
     "becomes true. It ends the innermost `run`, `next` or `repeat`, or gives the prompt "
     "back.",
     "break"},
    {"changed", "",
     "Of an aggregation: whether there was any model but the node's own to average. Of `data "
     "show`: how many training labels `labels` has made wrong.",
     "ag, labels"},
    {"churn", "availability",
     "Nodes that come and go by a plan: churn.name chooses sessions of random lengths, a time of "
     "day, or a file. A node that is offline is down, and keeps what it has learnt.",
     "status, node"},
    {"communal learning rate", "rate, eta",
     "How far an aggregation moves a model towards the average: 0 keeps the node's own model, 1 "
     "takes "
     "the average. It is not the learning rate of training, which is the key training.lr.",
     "lrate, status"},
    {"consensus distance", "consensus",
     "How far the nodes' models are from agreeing: the mean squared distance to the mean model. It "
     "is "
     "0 where all models are equal.",
     "stats"},
    {"contact", "contacts, meeting",
     "The time in which two nodes are in radio range of each other, or in contact by a file of "
     "contacts: then they are neighbours. A message that is on its way when it ends is lost.",
     "encounters, next, stats"},
    {"cycle", "",
     "A number, counted from 0, that labels what is logged. No result depends on it: `cycle` at "
     "the "
     "end of each round tells the rounds apart in logs and plots.",
     "cycle, log"},
    {"detached", "",
     "A message is lost as detached if the node that sent it or was to receive it has been "
     "removed.",
     "node, stats"},
    {"distance", "", "Of two models: the Euclidean distance of their parameters, not squared.",
     "guestbook"},
    {"drain", "",
     "With network.step = \"drain\", a network step lasts until no message is in flight any more.",
     "nstep"},
    {"dropped", "",
     "A message is lost as dropped if somebody took it away with `drop`, to see what would have "
     "been "
     "without it.",
     "drop, stats"},
    {"encounter", "",
     "A meeting of two nodes: one has received the other's model. The default rule of aggregation "
     "bears the name too: it averages a node's model with those of its recent encounters.",
     "guestbook, ag"},
    {"entropy", "",
     "How mixed the labels of a node's examples are, in bits: 0 where all are of one class, log2 "
     "of the number of classes where each is as frequent.",
     "data"},
    {"expiry", "",
     "How many more aggregations a record of the guestbook serves. It starts at aggregation.expiry "
     "(3 "
     "unless set), each `ag` or `step` of the node takes one off, and at 0 the record goes.",
     "guestbook"},
    {"guestbook", "",
     "A node's list of the peers that it has met, with the last model received from each. `ag` "
     "averages "
     "over it, so that a model goes on to count for some time after it came.",
     "guestbook, ag"},
    {"happening", "happenings",
     "What comes by itself as time passes: a message ends, a training ends, a node takes its turn, "
     "two meet or part, a node comes or goes, a planned command runs.",
     "next, run"},
    {"held-out part", "held-out, held out",
     "The examples of a node that it never trains on, and that tests use: data.test_fraction of "
     "them.",
     "test, data"},
    {"in flight", "flight, leaving, coming",
     "A message is in flight from the network step that sends it until it arrives or is lost. "
     "`status` "
     "counts it as leaving at its sender and as coming at its receiver.",
     "status, nstep"},
    {"inbox", "",
     "Where messages lie that have arrived, until `ag` or `step` takes them into the guestbook.",
     "status, ag"},
    {"learning rate", "",
     "How far a training step moves the parameters: the key training.lr. The communal learning "
     "rate "
     "is another thing: how much an aggregation takes of the average.",
     "set, lrate"},
    {"lost", "",
     "A message is lost if it was sent and will never reach an inbox: by chance (loss), or because "
     "a node or the link was down, or the node has been removed.",
     "stats, link"},
    {"mark", "", "A name for a moment, to go back to it by `goto`.", "mark, goto"},
    {"met", "", "The column of `status` that counts the records of a node's guestbook.",
     "status, guestbook"},
    {"moment", "",
     "The whole state after a command that changed it, by number: 0 is the start. One can go back "
     "to "
     "it. Commands that only look, tests among them, make none.",
     "history, undo, goto"},
    {"neighbour", "neighbor, neighbours",
     "A node that a node may send to, as the topology has a link between them.",
     "neighborhood, link"},
    {"nstep", "network step",
     "All queued messages are sent, simulated time passes, and what has arrived moves to the "
     "inboxes. "
     "Commands that send only queue: without an nstep nothing arrives.",
     "nstep, autonet"},
    {"outbox", "queued",
     "Where messages wait that a node has queued, until a network step sends them.",
     "status, nstep"},
    {"own", "",
     "In the list of links: the link has properties of its own, so that later changes to the "
     "default of all links do not reach it. In `status`: keys that a node has a value of its own "
     "for.",
     "link, status"},
    {"peers", "peer",
     "Of an aggregation: how many models besides the node's own were averaged. In the guestbook: "
     "whose model a record holds.",
     "ag, guestbook"},
    {"planned command", "plan, plans, schedule",
     "A command that runs at a time of the simulated clock, once or again and again, inside of "
     "what lets time pass. It is part of the world: undone, branched and saved with it.",
     "at, every, schedule"},
    {"round", "",
     "One pass through the commands of an experiment. It is no command: `repeat 10 { train; flood; "
     "nstep; ag; cycle }` runs ten rounds.",
     "repeat, cycle"},
    {"scope", "general, local, global, sample",
     "Which examples a model is tested on: local (its node's own held-out part), global (the "
     "held-out "
     "parts of all nodes), group G (those of a group's members), sample K (K examples drawn by the "
     "seed, the same ones "
     "for all models and all through the run), or, without a scope, general: the "
     "test part of the data where there is one and data.pool = train, else as global.",
     "test"},
    {"share", "shared model",
     "What a message carries of its sender's model, as it was when the command queued it. `group G "
     "share` lets all pairs of neighbours in a group exchange it.",
     "group, send"},
    {"single", "",
     "A link is single if it has properties of its own, so that later changes to the default of "
     "all "
     "links do not reach it.",
     "link"},
    {"spectral gap", "gap",
     "How fast averaging over a graph brings all nodes together: 0 where it is not connected, 1 "
     "where each node is linked to each. `stats mixing` shows that of what was delivered in the "
     "cycle.",
     "stats"},
    {"staleness", "",
     "The mean age of the records in a node's guestbook, in simulated seconds since they were "
     "sent.",
     "guestbook"},
    {"step", "",
     "`step` lets a node do what comes next: it aggregates if its inbox holds new models, "
     "otherwise it "
     "trains.",
     "step, nstep"},
    {"training part", "", "What a node learns from: its examples without the held-out part.",
     "train, data"},
    {"waiting", "arrived, wait",
     "A message waits if it arrived during a network step of other nodes. It reaches the inbox in "
     "its "
     "receiver's own or in a full nstep.",
     "status, nstep"},
};

}  // namespace

std::span<const GlossaryEntry> Glossary() { return kGlossary; }

const GlossaryEntry* FindGlossaryEntry(std::string_view word) {
  const std::string wanted = Lower(word);
  for (const GlossaryEntry& entry : kGlossary) {
    if (entry.word == wanted) return &entry;
    for (const std::string_view alias : Split(entry.aliases, ','))
      if (!wanted.empty() && Trim(alias) == wanted) return &entry;
  }
  return nullptr;
}

}  // namespace delstep
