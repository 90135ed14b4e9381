#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

#include "churn/churns.h"
#include "churn/presence_order.h"
#include "delstep/churn.h"
#include "delstep/random.h"

namespace delstep {
namespace {

constexpr int kSteps = 360;

/// The sine of whole degrees. Made by turning by one degree at a time, with additions and products
/// alone: the C library's sine is not the same on all machines.
class Sines {
 public:
  Sines() {
    constexpr double kSin1 = 0.017452406437283512, kCos1 = 0.99984769515639127;
    double sine = 0, cosine = 1;
    for (int degree = 0; degree <= 90; ++degree) {
      // Symmetric to the last bit, so that a whole day has the mean that it should have.
      const double value = degree == 90 ? 1 : sine;
      values_[Place(degree)] = values_[Place(180 - degree)] = value;
      values_[Place(180 + degree)] = values_[Place(360 - degree)] = -value;
      const double next = sine * kCos1 + cosine * kSin1;
      cosine = cosine * kCos1 - sine * kSin1;
      sine = next;
    }
    values_[0] = values_[Place(180)] = 0;
  }
  double Sin(int degree) const { return values_[Place(degree)]; }
  double Cos(int degree) const { return values_[Place(degree + 90)]; }

 private:
  static std::size_t Place(int degree) { return static_cast<std::size_t>(degree % kSteps); }
  std::array<double, kSteps> values_{};
};

class Diurnal final : public Churn {
 public:
  explicit Diurnal(const Scenario& scenario)
      : seed_(scenario.seed),
        count_(scenario.nodes.count),
        min_(scenario.churn.min),
        max_(scenario.churn.max),
        period_(scenario.churn.period) {
    least_.fill(kUnknown);
  }

 private:
  /// What a node is like: the sine and cosine of phi, and beta.
  struct Habit {
    double sine = 0, cosine = 0, beta = 0;
  };

  bool DoIsOnline(NodeId node, SimTime time) const override {
    return IsOnlineIn(node, StepAt(time).step);
  }

  std::vector<PresenceChange> DoChanges(std::size_t nodes, SimTime after,
                                        SimTime until) const override {
    std::vector<PresenceChange> changes;
    for (Place place = StepAt(after); !IsLast(place);) {
      const int before = place.step;
      place = Next(place);
      const SimTime at = BeginOf(place);
      if (at > until) break;
      for (std::size_t i = 0; i < nodes; ++i) {
        const auto node = static_cast<NodeId>(i);
        const bool online = IsOnlineIn(node, place.step);
        if (online != IsOnlineIn(node, before))
          changes.push_back({.at = at, .node = node, .present = online});
      }
    }
    PutInOrder(changes);
    return changes;
  }

  SimTime DoRestsFrom() const override { return SimTime::max(); }

  /// A step of a day.
  struct Place {
    std::int64_t day = 0;
    int step = 0;
  };
  /// From the beginning of a day; exact, also where 360 does not divide the period.
  Duration BeginOf(int step) const { return period_ * step / kSteps; }
  SimTime BeginOf(Place place) const { return SimTime{place.day * period_ + BeginOf(place.step)}; }
  Place StepAt(SimTime time) const {
    const Duration since = time.time_since_epoch();
    const Duration rest = since % period_;
    // The beginnings are rounded down, so the division may be one step short.
    auto step = static_cast<int>(rest * kSteps / period_);
    if (step + 1 < kSteps && BeginOf(step + 1) <= rest) ++step;
    return {since / period_, step};
  }
  static Place Next(Place place) {
    return place.step + 1 < kSteps ? Place{place.day, place.step + 1} : Place{place.day + 1, 0};
  }
  /// The next step would begin beyond the end of the clock.
  bool IsLast(Place place) const { return place.day >= Duration::max() / period_ - 1; }

  bool IsOnlineIn(NodeId node, int step) const { return Score(node, step) >= Least(step); }

  double Score(NodeId node, int step) const {
    while (habits_.size() <= Index(node)) habits_.push_back(DrawHabit(habits_.size()));
    const Habit& habit = habits_[Index(node)];
    // sin(a + phi)
    return sines_.Sin(step) * habit.cosine + sines_.Cos(step) * habit.sine + habit.beta;
  }

  Habit DrawHabit(std::size_t node) const {
    Random random(MakeKey(seed_, Purpose::kChurn, node, 0));
    // A point in the unit disk has a uniform angle, whose sine and cosine are a division away.
    double x = 0, y = 0, square = 0;
    do {
      x = random.Uniform(-1, 1);
      y = random.Uniform(-1, 1);
      square = x * x + y * y;
    } while (!(square > 0.01 && square <= 1));
    const double radius = std::sqrt(square);
    const double two = random.Gamma(2), five = random.Gamma(5);  // Beta(2, 5) = two / (two + five)
    return {.sine = y / radius, .cosine = x / radius, .beta = two / (two + five) - 2.0 / 7};
  }

  /// The score from which on nodes are online in this step: that of the last of the first `count_`
  /// nodes that is. Two scores are as good as never equal; if they are, one node more is online.
  double Least(int step) const {
    double& least = least_[static_cast<std::size_t>(step)];
    if (least != kUnknown) return least;
    const double target = min_ + (max_ - min_) * (sines_.Sin(step) + 1) / 2;
    const auto online = static_cast<std::size_t>(target * static_cast<double>(count_) + 0.5);
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (online == 0) return least = kInfinity;
    if (online >= count_) return least = -kInfinity;
    std::vector<double> scores(count_);
    for (std::size_t i = 0; i < count_; ++i) scores[i] = Score(static_cast<NodeId>(i), step);
    const auto last = scores.begin() + static_cast<std::ptrdiff_t>(online - 1);
    std::nth_element(scores.begin(), last, scores.end(), std::greater<>());
    return least = *last;
  }

  static constexpr double kUnknown = 100;  // no score is so high
  std::uint64_t seed_;
  std::size_t count_;
  double min_, max_;
  Duration period_;
  Sines sines_;
  // What was asked for so far.
  mutable std::vector<Habit> habits_;
  mutable std::array<double, kSteps> least_;
};

}  // namespace

Result<std::unique_ptr<Churn>> MakeDiurnal(const Scenario& scenario) {
  const ChurnOptions& churn = scenario.churn;
  if (!(churn.min >= 0 && churn.min <= churn.max && churn.max <= 1))
    return UsageError("churn.min is above churn.max", "shares of nodes, 0 <= min <= max <= 1")
        .About("churn.min");
  // A step must be far above a nanosecond, and 360 times the period must be a Duration too.
  if (churn.period < std::chrono::seconds(1) || churn.period > std::chrono::hours(5000))
    return UsageError("churn.period is not between 1s and 5000h", "for example 24h")
        .About("churn.period");
  return std::make_unique<Diurnal>(scenario);
}

}  // namespace delstep
