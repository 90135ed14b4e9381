#include "core/acts/outgoing.h"

#include <fmt/format.h>

#include <utility>

#include "core/acts/attack.h"
#include "core/acts/learning_rate.h"
#include "core/acts/node_options.h"
#include "core/engine/sent_rows.h"

namespace delstep {
namespace {

// What a message weighs without its content: addresses, number, size of the training set. The same
// for all messages, so that counts of bytes can be checked by hand.
constexpr Bytes kHeaderBytes = 64;
constexpr Bytes kBytesPerWord = 4;

/// The learning rate of the node's last `train`, or of its first one to come.
double RateOf(const Run& run, const Node& node) {
  return node.last_trained ? node.last_trained->learning_rate
                           : LearningRate(TrainingOf(run, node), node.trained);
}

/// Uncompressed. The payload is counted without the gaps of the row: they are for alignment only and
/// would not be sent.
Outgoing Whole(const Run& run, const Node& node, Row row) {
  return {.model = {.row = std::move(row),
                    .samples = node.training->size(),
                    .origin = node.origin,
                    .queued_before = run.world.next_message},
          .bytes = kHeaderBytes + kBytesPerWord * run.engine.learner->layout().model.payload};
}

/// What a node sends, and the work that makes it, if any.
struct Planned {
  bool is_made = false;
  Encoding encoding{};
};

/// Draws come from a stream that is named by the node and how often it has compressed: who else sends
/// changes nothing.
Planned PlanEncoding(const Run& run, const Node& node) {
  const Scenario& scenario = *run.engine.scenario;
  Planned plan;
  Encoding& encoding = plan.encoding;
  encoding.node = node.id;
  encoding.model = node.model;
  encoding.compressed = run.engine.compressor != nullptr;
  encoding.key = MakeKey(scenario.seed, Purpose::kCompress, Index(node.id), node.compressions);
  // Changes are new by themselves; of whole models only what the receivers do not know yet is worth
  // compressing (Koloskova et al. 2019).
  if (!SharesParameters(scenario)) {
    encoding.way = Encoding::Way::kChange;
    encoding.base = node.anchor;
    encoding.scale = ScaleOfShared(run, node);
    encoding.keeps_residual = KeepsResidual(run.engine);
    if (encoding.keeps_residual) encoding.residual = node.residual;
  } else if (KeepsKnown(run.engine) && !node.known.empty()) {
    encoding.way = Encoding::Way::kNews;
    encoding.base = node.known;
  } else if (!encoding.compressed || KeepsKnown(run.engine)) {
    // The model as it is: also the first message of a node that starts apart from the others, as there
    // is nothing to add to.
    return {};
  }
  plan.is_made = true;
  return plan;
}

/// What the node keeps for the next time. Where nothing is compressed it keeps nothing, and stays shared
/// with the moments before. `made` as it was encoded, whatever an attacker makes of it.
void CommitEncoding(const Run& run, const Planned& plan, const Encoded& made, Node& node) {
  if (!plan.is_made) {
    if (KeepsKnown(run.engine)) node.known = node.model;
    return;
  }
  if (!plan.encoding.compressed) return;
  ++node.compressions;
  if (plan.encoding.way == Encoding::Way::kNews) node.known = made.row;
  if (plan.encoding.keeps_residual) node.residual = made.residual;
}

/// The message of a node, of what was made of its rows. What was compressed is no model any more whose
/// shares `why` could tell exactly.
Outgoing MessageOf(const Run& run, const Node& node, const Planned& plan, const Encoded& made) {
  if (!plan.is_made) return Whole(run, node, node.model);
  Outgoing outgoing = Whole(run, node, made.row);
  if (plan.encoding.compressed) {
    outgoing.model.origin = Compressed(node.origin);
    outgoing.bytes = kHeaderBytes + made.bytes;
  }
  return outgoing;
}

/// All that are to be made, at once; those of senders that send their model as it is stay empty.
Result<std::vector<Encoded>> EncodeAll(Run& run, std::span<const Planned> plans) {
  std::vector<Encoding> wanted;
  for (const Planned& plan : plans)
    if (plan.is_made) wanted.push_back(plan.encoding);
  DELSTEP_ASSIGN(std::vector<Encoded> made, EncodeRows(run.engine, wanted));
  std::vector<Encoded> all(plans.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < plans.size(); ++i)
    if (plans[i].is_made) all[i] = std::move(made[next++]);
  return all;
}

/// Nodes change only when nothing can fail any more.
Result<void> MakeMessages(Run& run, std::span<const NodeId> senders, std::vector<Outgoing>& all) {
  std::vector<Planned> plans;
  for (const NodeId sender : senders) plans.push_back(PlanEncoding(run, run.world.at(sender)));
  DELSTEP_ASSIGN(const std::vector<Encoded> made, EncodeAll(run, plans));
  for (std::size_t i = 0; i < senders.size(); ++i)
    all[i] = MessageOf(run, run.world.at(senders[i]), plans[i], made[i]);
  DELSTEP_TRY(ApplyAttacks(run, senders, all));
  if (!run.engine.compressor) return {};
  // Several threads, as nodes that moments share with the present are copied.
  run.engine.workers->ForEach(senders.size(), [&](int, std::size_t i) {
    CommitEncoding(run, plans[i], made[i], run.world.Change(senders[i]));
  });
  return {};
}

}  // namespace

Outgoing HeaderAlone(const Run& run, NodeId sender) {
  return {.model = {.row = {},
                    .samples = run.world.at(sender).training->size(),
                    .origin = {},
                    .queued_before = run.world.next_message},
          .bytes = kHeaderBytes};
}

bool SharesParameters(const Scenario& scenario) {
  return scenario.aggregation.share == "parameters";
}

namespace {

bool FeedsBack(const Engine& engine) {
  return engine.compressor && engine.scenario->compression.error_feedback;
}

}  // namespace

bool KeepsKnown(const Engine& engine) {
  return FeedsBack(engine) && SharesParameters(*engine.scenario);
}

bool KeepsResidual(const Engine& engine) {
  return FeedsBack(engine) && !SharesParameters(*engine.scenario);
}

// A gradient is the change over minus the rate: the receiver multiplies by its own again.
double ScaleOfShared(const Run& run, const Node& node) {
  return run.engine.scenario->aggregation.share == "gradients" ? -RateOf(run, node) : 1;
}

Result<std::vector<Outgoing>> MakeOutgoing(Run& run, std::span<const NodeId> senders) {
  std::vector<Outgoing> all(senders.size());
  // Checked for all senders before the first one's state changes.
  if (run.engine.scenario->aggregation.share == "gradients")
    for (const NodeId sender : senders)
      if (const Node& node = run.world.at(sender); RateOf(run, node) == 0)
        return Refused(
            fmt::format("{} trains with a rate of 0: there is no gradient to share", node.Called()),
            "training.lr must be above 0 where aggregation.share = gradients");
  if (run.engine.compressor || !SharesParameters(*run.engine.scenario)) {
    DELSTEP_TRY(MakeMessages(run, senders, all));
    return all;
  }
  // Only handles are copied, and the nodes stay shared with the moments before.
  for (std::size_t i = 0; i < senders.size(); ++i) {
    const Node& node = run.world.at(senders[i]);
    all[i] = Whole(run, node, node.model);
  }
  DELSTEP_TRY(ApplyAttacks(run, senders, all));
  return all;
}

OwnChange::OwnChange(Run& run, const Node& node)
    : layout_(run.engine.learner->layout().model),
      anchor_(node.anchor.view()),
      scale_(ScaleOfShared(run, node)),
      row_(run.engine.model_rows->New()) {
  WriteChange(layout_, node.model.view(), anchor_, scale_, row_.Write());
}

void OwnChange::Apply(std::span<float> change) const {
  ApplyChange(layout_, anchor_, scale_, change);
}

}  // namespace delstep
