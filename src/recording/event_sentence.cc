#include "recording/event_sentence.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "scenario/units.h"

namespace delstep {
namespace {

class SentenceWriter {
 public:
  explicit SentenceWriter(const NodeNames& names) : names_(names) {}

  std::string operator()(const TrainingStarted& e) const {
    return fmt::format("{} began to train on {}", names_(e.node), Count(e.samples, "example"));
  }
  std::string operator()(const Trained& e) const {
    return fmt::format("{} trained on {}, with a loss of {:.4f}", names_(e.node),
                       Count(e.samples, "example"), e.loss);
  }
  std::string operator()(const Aggregated& e) const {
    if (!e.changed) return names_(e.node) + " had no model to average with";
    return fmt::format("{} averaged its model with {} of {}", names_(e.node),
                       e.peers.size() == 1 ? "that" : "those", ListOf(e.peers));
  }
  std::string operator()(const Evaluated& e) const {
    return fmt::format("{} was tested ({}): accuracy {:.4f}, loss {:.4f}", names_(e.node),
                       Name(e.scope), e.accuracy, e.loss);
  }
  std::string operator()(const Queued& e) const { return TextOf(e.message) + " was queued"; }
  std::string operator()(const Sent& e) const { return TextOf(e.message) + " was sent"; }
  std::string operator()(const Delivered& e) const {
    return fmt::format("{} arrived after {}", TextOf(e.message),
                       FormatDuration(e.arrived - e.sent));
  }
  std::string operator()(const Lost& e) const {
    return fmt::format("{} was lost ({})", TextOf(e.message), Name(e.reason));
  }
  std::string operator()(const NodeAdded& e) const {
    return fmt::format("{} joined, with {}", names_(e.node), Count(e.samples, "example"));
  }
  std::string operator()(const NodeRemoved& e) const { return names_(e.node) + " left for good"; }
  std::string operator()(const NodeWentDown& e) const {
    return names_(e.node) + (e.planned ? " went offline" : " went down");
  }
  std::string operator()(const NodeCameUp& e) const {
    return names_(e.node) + (e.planned ? " came online" : " came up");
  }
  std::string operator()(const ContactBegan& e) const {
    return fmt::format("{} and {} met", names_(e.a), names_(e.b));
  }
  std::string operator()(const ContactEnded& e) const {
    return fmt::format("{} and {} parted", names_(e.a), names_(e.b));
  }
  std::string operator()(const NodeMoved& e) const {
    return fmt::format("{} was put at {} m, {} m", names_(e.node), ShortestReal(e.x),
                       ShortestReal(e.y));
  }
  std::string operator()(const TurnTaken& e) const {
    return fmt::format("{} took its turn {} ({})", names_(e.node), e.turn, e.behaviour);
  }
  std::string operator()(const AttackChanged& e) const {
    return fmt::format("{} attacks: {}", names_(e.node), e.attack);
  }
  std::string operator()(const PlanMade& e) const {
    return fmt::format("command {} was planned: {}", e.plan, e.command);
  }
  std::string operator()(const PlanDeleted& e) const {
    return fmt::format("the planned command {} was forgotten", e.plan);
  }
  std::string operator()(const DefaultLinkChanged& e) const {
    return "links became: " + TextOf(e.link);
  }
  std::string operator()(const LinkChanged& e) const {
    return fmt::format("the link from {} to {} {}: {}", names_(e.from), names_(e.to),
                       e.made ? "was made" : "became", TextOf(e.link));
  }
  std::string operator()(const RateChanged& e) const {
    return fmt::format("{} got the communal learning rate {}", names_(e.node),
                       ShortestReal(e.rate));
  }
  std::string operator()(const GroupCreated& e) const {
    return fmt::format("group {} was {}", e.group, e.emptied ? "emptied" : "created");
  }
  std::string operator()(const GroupDeleted& e) const {
    return fmt::format("group {} was deleted", e.group);
  }
  std::string operator()(const GroupJoined& e) const {
    return fmt::format("{} joined group {}", names_(e.node), e.group);
  }
  std::string operator()(const GroupLeft& e) const {
    return fmt::format("{} left group {}", names_(e.node), e.group);
  }
  std::string operator()(const CycleAdvanced& e) const {
    return fmt::format("cycle {} began", e.cycle);
  }
  std::string operator()(const ConfigChanged& e) const {
    return fmt::format("{} was set to {}{}", e.key, e.value,
                       e.nodes.empty() ? "" : " at " + ListOf(e.nodes));
  }
  std::string operator()(const LabelsChanged& e) const {
    return fmt::format("labels of {} changed ({}): {} not as in the data set", names_(e.node),
                       Name(e.change), e.changed == 1 ? "1 is" : fmt::format("{} are", e.changed));
  }
  std::string operator()(const ModelImported& e) const {
    if (e.file.empty()) return fmt::format("{}'s model was replaced by hand", names_(e.node));
    return fmt::format("{} took its model from {}", names_(e.node), e.file);
  }
  std::string operator()(const Restored&) const { return "the run went to another moment"; }
  std::string operator()(const MomentMade& e) const {
    return fmt::format("moment {} was made on {}", e.moment, e.branch);
  }
  std::string operator()(const WentTo& e) const {
    return fmt::format("the run went from moment {} to moment {} on {}", e.from, e.moment,
                       e.branch);
  }
  std::string operator()(const MarkSet& e) const {
    return fmt::format("moment {} was marked {}", e.moment, e.mark);
  }
  std::string operator()(const BranchMade& e) const {
    return fmt::format("branch {} began at moment {}", e.branch, e.moment);
  }
  std::string operator()(const BranchDeleted& e) const {
    return fmt::format("branch {} was deleted", e.branch);
  }
  std::string operator()(const CommandDone& e) const {
    if (e.code == 0) return fmt::format("'{}' was done", e.text);
    return fmt::format("'{}' failed: {}", e.text, e.message);
  }

 private:
  std::string TextOf(const Message& message) const {
    return fmt::format("message {} from {} to {}", static_cast<std::uint64_t>(message.id),
                       names_(message.from), names_(message.to));
  }

  static std::string TextOf(const LinkProperties& link) {
    return fmt::format("loss {}, latency {}, bandwidth {}{}", ShortestReal(link.loss),
                       LatencyText(link.latency), BandwidthText(link.bandwidth),
                       link.up ? "" : ", down");
  }

  /// A sentence stays one line: of many nodes the first ones are named.
  std::string ListOf(const std::vector<NodeId>& nodes) const {
    constexpr std::size_t kNamed = 4;
    const std::size_t named = nodes.size() <= kNamed ? nodes.size() : kNamed - 1;
    std::string text;
    for (std::size_t i = 0; i < named; ++i) {
      const bool last = i + 1 == nodes.size();
      text += (i == 0 ? "" : last ? " and " : ", ") + names_(nodes[i]);
    }
    if (named < nodes.size()) text += fmt::format(" and {} others", nodes.size() - named);
    return text;
  }

  const NodeNames& names_;
};

}  // namespace

// std::visit: an event without a sentence does not compile.
std::string Sentence(const Happening& what, const NodeNames& names) {
  return std::visit(SentenceWriter(names), what);
}

}  // namespace delstep
