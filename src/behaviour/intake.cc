#include "behaviour/intake.h"

#include <algorithm>
#include <optional>

#include "behaviour/choice.h"

namespace delstep {
namespace {

// Places in the memory.
constexpr std::size_t kExtraAge = 0;   // the age of the model, less the trainings of the node
constexpr std::size_t kTrainsFor = 1;  // update-merge: 1 + the message to merge after the training

void SetAge(Host& node, double age) {
  node.memory()[kExtraAge] = age - static_cast<double>(node.trained());
}

}  // namespace

Result<Intake> Intake::Make(const BehaviourOptions& options) {
  Intake intake;
  DELSTEP_ASSIGN(const std::size_t update, Choose("behaviour.update", options.update,
                                                  {"merge-update", "update-merge", "update"}));
  DELSTEP_ASSIGN(const std::size_t merge,
                 Choose("behaviour.merge", options.merge, {"mean", "age"}));
  intake.update_ = static_cast<Update>(update);
  intake.by_age_ = merge == 1;
  return intake;
}

std::uint64_t Intake::Age(Host& node) {
  const double age = static_cast<double>(node.trained()) + node.memory()[kExtraAge];
  return static_cast<std::uint64_t>(std::max(0.0, age));
}

bool Intake::Take(Host& node, const ReceivedMessage& message) const {
  switch (update_) {
    case Update::kMergeUpdate:
      Merge(node, message);
      return !node.Train();
    case Update::kUpdate: {
      const MergeTerm all{.message = message.id, .weight = 1};
      node.Merge(0, {&all, 1});
      SetAge(node, static_cast<double>(message.tag.number));
      return !node.Train();
    }
    case Update::kUpdateMerge:
      break;
  }
  // The message waits in the inbox. If the training is lost (compute.offline), whoever looks at the
  // inbox next finds it there and takes it anew.
  node.memory()[kTrainsFor] = static_cast<double>(message.id) + 1;
  if (node.Train()) return false;
  Trained(node);
  return true;
}

void Intake::Trained(Host& node) const {
  if (update_ != Update::kUpdateMerge) return;
  const double trains_for = node.memory()[kTrainsFor];
  node.memory()[kTrainsFor] = 0;
  // It is gone if it was merged by hand meanwhile.
  for (const ReceivedMessage& message : node.inbox())
    if (static_cast<double>(message.id) + 1 == trains_for) return Merge(node, message);
}

void Intake::Merge(Host& node, const ReceivedMessage& message) const {
  const double age = static_cast<double>(Age(node));
  const double received = static_cast<double>(message.tag.number);
  const double part = by_age_ && age + received > 0 ? received / (age + received) : 0.5;
  const MergeTerm term{.message = message.id, .weight = part};
  node.Merge(1 - part, {&term, 1});
  SetAge(node, std::max(age, received));
}

bool IsSuperseded(std::span<const ReceivedMessage> inbox, std::size_t place) {
  return std::ranges::any_of(inbox.subspan(place + 1), [&](const ReceivedMessage& later) {
    return later.from == inbox[place].from && later.has_model;
  });
}

}  // namespace delstep
