#include "core/engine/change_feed.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "delstep/churn.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;

constexpr SimTime At(Duration time) { return SimTime{} + time; }

/// Node 0 goes at the first of these times, comes at the second, and so on. Counts how often the
/// plan is read.
class CountedChurn final : public Churn {
 public:
  CountedChurn(std::vector<SimTime> times, SimTime rests_from, std::size_t& reads)
      : times_(std::move(times)), rests_from_(rests_from), reads_(reads) {}

 private:
  bool DoIsOnline(NodeId, SimTime) const override { return true; }
  std::vector<PresenceChange> DoChanges(std::size_t, SimTime after, SimTime until) const override {
    ++reads_;
    std::vector<PresenceChange> changes;
    for (std::size_t i = 0; i < times_.size(); ++i)
      if (after < times_[i] && times_[i] <= until)
        changes.push_back({.at = times_[i], .node = NodeId{0}, .present = i % 2 == 1});
    return changes;
  }
  SimTime DoRestsFrom() const override { return rests_from_; }

  std::vector<SimTime> times_;
  SimTime rests_from_;
  std::size_t& reads_;
};

class ChangeFeedTest : public testing::Test {
 protected:
  void Plan(std::vector<SimTime> times, SimTime rests_from) {
    engine_.churn = std::make_unique<CountedChurn>(std::move(times), rests_from, reads_);
  }
  std::optional<ChangeKey> Next(const ChangeKey& last, SimTime until) {
    return feed_.Next(engine_, 1, last, until);
  }

  Engine engine_;
  ChangeFeed feed_;
  std::size_t reads_ = 0;
};

// A run asks before each happening. A plan without known end is read in windows of 10 minutes: an
// hour takes 6, and one more as the first begins a nanosecond before the last change. Each question
// that began at the last change would read 1 + 2 + ... windows: more than 10,000 in all.
TEST_F(ChangeFeedTest, ReadsEachWindowOnceHoweverOftenOneAsksInASilence) {
  Plan({At(1s), At(10h)}, SimTime::max());
  const auto first = Next({}, At(1s));
  ASSERT_TRUE(first);
  for (Duration now = 1s; now <= 1h; now += 1s) EXPECT_FALSE(Next(*first, At(now)));
  EXPECT_LE(reads_, 7u);
  const auto second = Next(*first, At(11h));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->at, At(10h));
  EXPECT_LE(reads_, 61u);
}

// Going back is no special case: what was read last may begin after the key that is asked for.
TEST_F(ChangeFeedTest, GivesTheSameChangesInAnyOrderOfQuestions) {
  const std::vector<SimTime> times = {At(1s), At(1s) + Duration(1), At(30min), At(5h), At(5h + 1s)};
  Plan(times, times.back());
  std::vector<ChangeKey> changes;
  ChangeKey last;
  while (const auto next = Next(last, SimTime::max())) changes.push_back(last = *next);
  ASSERT_EQ(changes.size(), times.size());
  for (std::size_t i = 0; i < times.size(); ++i) EXPECT_EQ(changes[i].at, times[i]);
  for (const std::size_t from : {3u, 0u, 4u, 1u, 2u, 0u}) {
    const auto next = Next(changes[from], SimTime::max());
    ASSERT_EQ(next.has_value(), from + 1 < changes.size());
    if (next) {
      EXPECT_EQ(*next, changes[from + 1]);
    }
  }
}

// A list that is silent for 30 years has 1.6 million windows of 10 minutes; those of a silence grow to
// a day, of which there are 11,000.
TEST_F(ChangeFeedTest, ReadsLongSilencesOfAKnownPlanInLongWindows) {
  constexpr Duration kLong = 24h * 365 * 30;
  Plan({At(kLong)}, At(kLong));
  const auto next = Next({}, SimTime::max());
  ASSERT_TRUE(next);
  EXPECT_EQ(next->at, At(kLong));
  EXPECT_LE(reads_, static_cast<std::size_t>(kLong / 24h) + 10);
}

}  // namespace
}  // namespace delstep
