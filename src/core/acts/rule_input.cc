#include "core/acts/rule_input.h"

#include <algorithm>

#include "core/acts/outgoing.h"
#include "core/world/guestbook.h"

namespace delstep {

std::span<PeerModel> RuleInput::Of(const Node& node) {
  FindNewest(*node.inbox);
  models_.clear();
  shown_.clear();
  // Where peers send changes, old records are no use: a change that was taken over once must not be
  // taken over again.
  const bool sees_records =
      SeesOf(run_->engine.aggregator()) == AggregationRule::Sees::kEncounters &&
      SharesParameters(*run_->engine.scenario);
  const std::span<const Encounter> known =
      sees_records ? node.guestbook.records() : std::span<const Encounter>();
  // Records that the rule does not see are nothing to aggregate with.
  if (newest_.empty() && known.empty()) return {};
  // The node itself is always the first of the models: rules rely on it.
  Add(node.id, node.training->size(), {.row = &node.model, .origin = node.origin.get()});
  AddBoth(known);
  return models_;
}

void RuleInput::FindNewest(const std::vector<ModelMessage>& inbox) {
  const auto sender = [](const ModelMessage* message) { return message->header.from; };
  newest_.clear();
  for (const ModelMessage& message : inbox)
    if (!message.model.row.empty()) newest_.push_back(&message);
  // Stable: the messages of one sender stay in order of arrival, the newest last. After a flood the
  // inbox is often in order as it is.
  if (!std::ranges::is_sorted(newest_, {}, sender)) std::ranges::stable_sort(newest_, {}, sender);
  const auto same = [&](const ModelMessage* x, const ModelMessage* y) {
    return sender(x) == sender(y);
  };
  // unique() keeps the first of equals, so it runs from the back.
  const auto last_of_each = std::unique(newest_.rbegin(), newest_.rend(), same).base();
  newest_.erase(newest_.begin(), last_of_each);
}

/// Merges two lists that are in order by peer. Messages stand for the records that they will
/// replace at the commit, so that a plan sees what the guestbook will hold.
void RuleInput::AddBoth(std::span<const Encounter> known) {
  auto record = known.begin();
  for (const ModelMessage* message : newest_) {
    for (; record != known.end() && record->peer < message->header.from; ++record) Add(*record);
    if (record != known.end() && record->peer == message->header.from) ++record;
    Add(*message);
  }
  for (; record != known.end(); ++record) Add(*record);
}

void RuleInput::Add(const ModelMessage& message) {
  Add(message.header.from, message.model.samples,
      {.row = &message.model.row,
       .origin = message.model.origin.get(),
       .message = message.header.id,
       .sent = message.sent,
       .received = message.arrived});
}

void RuleInput::Add(const Encounter& record) {
  Add(record.peer, record.model.samples,
      {.row = &record.model.row,
       .origin = record.model.origin.get(),
       .message = record.message,
       .sent = record.sent,
       .received = record.received});
}

// The degree is the present one, also of a peer whose model is older: Metropolis-Hastings weights
// are about the graph as it is now.
void RuleInput::Add(NodeId node, std::uint64_t samples, const ShownModel& shown) {
  const auto degree = static_cast<std::uint32_t>(run_->world.at(node).neighbours->size());
  // Rows that lie in other processes come here only for a rule that looks at them.
  const bool shows = reads_models_ || shown.row->here();
  const auto model = shows ? shown.row->view() : std::span<const float>();
  models_.push_back({.node = node, .samples = samples, .degree = degree, .model = model});
  shown_.push_back(shown);
}

}  // namespace delstep
