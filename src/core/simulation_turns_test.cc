// Which turns come, and when.
#include <algorithm>
#include <map>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/time_fixture.h"

namespace delstep {
namespace {

/// A turn as it was taken.
struct TakenTurn {
  SimTime at{};
  NodeId node{};
  std::uint64_t number = 0;
  friend bool operator==(const TakenTurn&, const TakenTurn&) = default;
};

class TurnsTest : public TimeTest {
 protected:
  TurnsTest() {
    scenario_.behaviour.name = "called";
    scenario_.compute.ms_per_example = {.a = 10};  // 20 examples, 1 epoch: a training of 200 ms
    scenario_.training.epochs = 1;
  }
  std::vector<TakenTurn> TurnsAfter(Duration time) {
    std::vector<TakenTurn> turns;
    for (const Event& event : events_)
      if (const auto* turn = std::get_if<TurnTaken>(&event.what); turn && event.at > At(time))
        turns.push_back({event.at, turn->node, turn->turn});
    return turns;
  }
};

// The k-th turn is due k s and up to 3 s after the start. So all up to the 97th are due by 100 s, and
// each comes, though three out of four are overtaken by a later one.
TEST_F(TurnsTest, EachComesWhenItIsDueAlsoWhereTheyOvertakeEachOther) {
  scenario_.behaviour.jitter = 3s;
  Begin();
  RunUntil(100s);
  std::map<std::pair<NodeId, std::uint64_t>, int> taken;
  std::size_t overtaken = 0;
  std::map<NodeId, std::uint64_t> last;
  for (const TakenTurn& turn : TurnsAfter(0s)) {
    const Duration late = turn.at - At(turn.number * 1s);
    EXPECT_GE(late, 0s);
    EXPECT_LT(late, 3s);
    ++taken[{turn.node, turn.number}];
    overtaken += turn.number < last[turn.node];
    last[turn.node] = turn.number;
  }
  EXPECT_GT(overtaken, 40u);
  for (const NodeId node : kAll)
    for (std::uint64_t number = 1; number <= 97; ++number)
      EXPECT_EQ((taken[{node, number}]), 1) << Index(node) << ' ' << number;
}

TEST_F(TurnsTest, AfterTimeThatWasSkippedThoseComeThatAreDueThen) {
  scenario_.behaviour.jitter = 3s;
  Begin();
  RunUntil(100s);
  const std::vector<TakenTurn> all = TurnsAfter(50s);
  Begin();
  ASSERT_TRUE(sim().NetworkStep(50s));
  RunUntil(100s);
  EXPECT_EQ(TurnsAfter(0s), all);
}

TEST_F(TurnsTest, MoreThanAThousandPeriodsOfJitterAreRefused) {
  scenario_.behaviour.jitter = 1000s;
  Begin();
  scenario_.behaviour.jitter = 1001s;
  const auto refused = sim().Reconfigure(scenario_, "behaviour.jitter", "1001s");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "behaviour.jitter = 1001 s is more than 1000 times behaviour.period = 1 s");
  EXPECT_EQ(refused.error().key, "behaviour.jitter");
}

}  // namespace
}  // namespace delstep
