#include "mobility/radio_contacts.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <optional>
#include <span>
#include <tuple>

#include "delstep/random.h"
#include "math/elementary.h"
#include "mobility/in_range.h"
#include "mobility/near_pairs.h"

namespace delstep {
namespace {

constexpr double kCut = 3;  // standard deviations of shadowing
constexpr double kLogOf10 = 2.302585092994046;

/// The legs of all nodes in a span of time, and a box for each node: its places in that time, and
/// half the greatest range around them. So the boxes of two nodes that come into range overlap.
struct Ways {
  std::vector<Leg> legs;
  std::vector<std::size_t> first;  // per node and one more: where its legs begin
  std::vector<Box> boxes;          // empty where the node is not present

  std::span<const Leg> Of(std::uint32_t node) const {
    return std::span(legs).subspan(first[node], first[node + 1] - first[node]);
  }
};

class RadioContacts final : public ContactPlan {
 public:
  RadioContacts(const Mobility& mobility, const RadioOptions& options, std::uint64_t seed)
      : mobility_(mobility), options_(options), seed_(seed), greatest_(options.range) {
    if (Shadowed()) greatest_ = options.range * Factor(kCut * options.shadowing);
    // A contact lasts about as long as a node takes for its range, so in that time about as many
    // changes come as there are contacts.
    constexpr std::size_t kSample = 100;
    const std::size_t nodes = mobility.nodes() == 0 ? kSample : std::min(kSample, mobility.nodes());
    window_ = StepAt(nodes, SimTime{});
  }

 private:
  std::vector<Pair> DoAt(std::size_t nodes, SimTime time) const override {
    const Ways ways = Gather(nodes, time, time);
    std::vector<Pair> pairs;
    for (const auto& [a, b] : NearPairs(ways.boxes)) {
      const auto span = InRange(ways.Of(a).front(), ways.Of(b).front(), RangeOf(a, b));
      if (span && span->begins <= time && time < span->ends)
        pairs.emplace_back(NodeId{a}, NodeId{b});
    }
    std::ranges::sort(pairs);
    return pairs;
  }

  std::vector<ContactChange> DoChanges(std::size_t nodes, SimTime after,
                                       SimTime until) const override {
    assert(after <= until);
    std::vector<ContactChange> changes;
    until = std::min(until, DoRestsFrom());
    while (after < until) {
      const Duration step = StepAt(nodes, after);
      const SimTime end = until - after > step ? after + step : until;
      AppendChanges(nodes, after, end, changes);
      after = end;
    }
    return changes;
  }

  // A way that ends on the rim of somebody's range ends a contact at that very moment; a nanosecond
  // later nothing does.
  SimTime DoRestsFrom() const override {
    const SimTime rest = mobility_.rests_from();
    return rest == SimTime{} || rest == SimTime::max() ? rest : rest + Duration(1);
  }

  Duration DoWindow() const override { return window_; }

  /// The time in which nodes go about as far as the range, at the speeds of this moment.
  Duration StepAt(std::size_t nodes, SimTime time) const {
    double speeds = 0, present = 0;
    for (std::uint32_t node = 0; node < nodes; ++node) {
      const Leg leg = mobility_.LegAt(NodeId{node}, time);
      if (!leg.present) continue;
      speeds += std::sqrt(leg.vx * leg.vx + leg.vy * leg.vy);
      ++present;
    }
    constexpr double kLeast = 1e-3, kMost = 60;  // seconds
    if (speeds == 0) return std::chrono::seconds(60);
    return Duration(
        static_cast<Duration::rep>(1e9 * std::clamp(greatest_ * present / speeds, kLeast, kMost)));
  }

  Ways Gather(std::size_t nodes, SimTime after, SimTime until) const {
    Ways ways;
    ways.first.reserve(nodes + 1);
    ways.boxes.resize(nodes);
    for (std::uint32_t node = 0; node < nodes; ++node) {
      ways.first.push_back(ways.legs.size());
      for (SimTime time = after;; time = ways.legs.back().ends) {
        ways.legs.push_back(mobility_.LegAt(NodeId{node}, time));
        Extend(ways.boxes[node], ways.legs.back(), after, until);
        if (ways.legs.back().ends > until) break;
      }
    }
    ways.first.push_back(ways.legs.size());
    return ways;
  }

  /// Makes the box hold the places of the leg in this time, and half the range around them.
  void Extend(Box& box, const Leg& leg, SimTime after, SimTime until) const {
    if (!leg.present) return;
    // Moments are rounded to nanoseconds: a contact may begin half of one before the root.
    constexpr Duration kRounding{1};
    const SimTime ends = leg.ends > until ? until + kRounding : leg.ends;
    const Position a = leg.At(std::max(leg.begins, after - kRounding)), b = leg.At(ends);
    constexpr double kSlack = 1 + 1e-12;
    const double x = std::max(std::abs(a.x), std::abs(b.x)) * (kSlack - 1);
    const double y = std::max(std::abs(a.y), std::abs(b.y)) * (kSlack - 1);
    const double around = greatest_ / 2 * kSlack;
    const Box way{std::min(a.x, b.x) - around - x, std::min(a.y, b.y) - around - y,
                  std::max(a.x, b.x) + around + x, std::max(a.y, b.y) + around + y};
    if (box.x_low > box.x_high) {
      box = way;
      return;
    }
    box = {std::min(box.x_low, way.x_low), std::min(box.y_low, way.y_low),
           std::max(box.x_high, way.x_high), std::max(box.y_high, way.y_high)};
  }

  void AppendChanges(std::size_t nodes, SimTime after, SimTime until,
                     std::vector<ContactChange>& changes) const {
    const Ways ways = Gather(nodes, after, until);
    const auto old = static_cast<std::ptrdiff_t>(changes.size());
    for (const auto& [a, b] : NearPairs(ways.boxes)) {
      const auto change = [&, a = a, b = b](SimTime at, bool begins) {
        if (at > after && at <= until) changes.push_back({at, NodeId{a}, NodeId{b}, begins});
      };
      const std::span<const Leg> legs_a = ways.Of(a), legs_b = ways.Of(b);
      const double range = RangeOf(a, b);
      // The legs cover the window, so what is in contact at its start has begun in the first pair
      // of legs, or before it: never in (after, until].
      std::optional<SimTime> ends;  // of the contact that goes on as far as we have looked
      for (std::size_t i = 0, j = 0; i < legs_a.size() && j < legs_b.size();) {
        const auto span = InRange(legs_a[i], legs_b[j], range);
        if (span && ends != span->begins) {
          if (ends) change(*ends, false);
          change(span->begins, true);
        }
        if (span) ends = span->ends;
        const SimTime turn = std::min(legs_a[i].ends, legs_b[j].ends);
        if (legs_a[i].ends == turn) ++i;
        if (legs_b[j].ends == turn) ++j;
      }
      if (ends) change(*ends, false);
    }
    std::sort(changes.begin() + old, changes.end(),
              [](const ContactChange& one, const ContactChange& other) {
                return std::tuple(one.at, one.begins, one.a, one.b) <
                       std::tuple(other.at, other.begins, other.a, other.b);
              });
  }

  bool Shadowed() const { return options_.model == "log-distance" && options_.shadowing > 0; }
  /// By how much so many dB lengthen a range.
  double Factor(double decibel) const { return Exp(decibel / (10 * options_.exponent) * kLogOf10); }
  /// Requires a < b.
  double RangeOf(std::uint32_t a, std::uint32_t b) const {
    if (!Shadowed()) return options_.range;
    Random random(MakeKey(seed_, Purpose::kRadio, a, b));
    return options_.range * Factor(options_.shadowing * std::clamp(random.Normal(), -kCut, kCut));
  }

  const Mobility& mobility_;
  RadioOptions options_;
  std::uint64_t seed_;
  double greatest_;  // of all ranges
  Duration window_;
};

}  // namespace

std::shared_ptr<const ContactPlan> MakeRadioContacts(const Mobility& mobility,
                                                     const RadioOptions& options,
                                                     std::uint64_t seed) {
  return std::make_shared<RadioContacts>(mobility, options, seed);
}

}  // namespace delstep
