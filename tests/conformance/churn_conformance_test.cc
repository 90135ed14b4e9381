// What every churn promises (include/delstep/churn.h).
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "churn/churns.h"
#include "delstep/churn.h"
#include "tests/conformance/part_names.h"

namespace delstep {
namespace {

Parts<MakeChurn> Churns() {
  Parts<MakeChurn> parts("churn.name");
  AddChurn(parts);
  return parts;
}

class ChurnConformance : public testing::TestWithParam<std::string> {
 protected:
  /// Null for `none`, which promises nothing.
  static std::unique_ptr<Churn> Make(std::uint64_t seed = 7) {
    Scenario scenario;
    scenario.seed = seed;
    scenario.nodes.count = kNodes;
    scenario.churn.name = GetParam();
    scenario.churn.on = {.kind = Distribution::Kind::kExponential, .a = 600};
    scenario.churn.off = {.kind = Distribution::Kind::kWeibull, .a = 0.6, .b = 300};
    scenario.churn.file = "online.csv";
    scenario.churn.table = std::make_shared<const std::string>(
        "# period 1800\n10.0.0.1,0,600\n10.0.0.1,700,1800\n10.0.0.2,600,1000\n10.0.0.5,1,2\n");
    return (**Churns().Find(GetParam()))(scenario).value();
  }
  static std::vector<PresenceChange> Changes(const Churn& churn, Duration after, Duration until) {
    return churn.Changes(kNodes, SimTime{after}, SimTime{until});
  }

  static constexpr std::uint32_t kNodes = 30;
  static constexpr Duration kEnd = std::chrono::hours(3);
};

INSTANTIATE_TEST_SUITE_P(All, ChurnConformance, testing::ValuesIn(NamesOfPresent(Churns())),
                         NameOfPart);

TEST_P(ChurnConformance, ChangesAreInOrderWithinTheWindowAndAlternate) {
  const auto churn = Make();
  if (!churn) return;
  const auto changes = Changes(*churn, Duration(0), kEnd);
  EXPECT_FALSE(changes.empty());
  EXPECT_TRUE(std::ranges::is_sorted(changes, {}, [](const PresenceChange& change) {
    return std::tuple(change.at, change.present, change.node);
  }));
  std::map<NodeId, bool> online;
  for (std::uint32_t i = 0; i < kNodes; ++i) online[NodeId{i}] = churn->IsOnline(NodeId{i}, {});
  for (const PresenceChange& change : changes) {
    EXPECT_GT(change.at, SimTime{});
    EXPECT_LE(change.at, SimTime{kEnd});
    EXPECT_NE(change.present, online[change.node]);
    online[change.node] = change.present;
  }
  for (const auto& [node, is_online] : online)
    EXPECT_EQ(churn->IsOnline(node, SimTime{kEnd}), is_online);
}

TEST_P(ChurnConformance, ANodeIsOnlineFromTheVeryMomentOfItsChange) {
  const auto churn = Make();
  if (!churn) return;
  for (const PresenceChange& change : Changes(*churn, Duration(0), kEnd)) {
    EXPECT_EQ(churn->IsOnline(change.node, change.at), change.present);
    EXPECT_EQ(churn->IsOnline(change.node, change.at - Duration(1)), !change.present);
  }
}

TEST_P(ChurnConformance, WindowsAddUp) {
  const auto whole = Make(), parts = Make();
  if (!whole) return;
  const auto expected = Changes(*whole, Duration(0), kEnd);
  // Cut at a change, just before one, and at an odd moment; the last part is asked for first.
  const Duration at = expected[expected.size() / 2].at.time_since_epoch();
  for (const Duration cut : {at, at - Duration(1), kEnd / 7}) {
    const auto later = Changes(*parts, cut, kEnd);
    auto both = Changes(*parts, Duration(0), cut);
    both.insert(both.end(), later.begin(), later.end());
    EXPECT_EQ(both, expected);
    EXPECT_TRUE(Changes(*parts, cut, cut).empty());
  }
}

TEST_P(ChurnConformance, FewerNodesAreThoseOfMore) {
  const auto churn = Make();
  if (!churn) return;
  std::vector<PresenceChange> expected;
  for (const PresenceChange& change : Changes(*churn, Duration(0), kEnd))
    if (Index(change.node) < 5) expected.push_back(change);
  EXPECT_EQ(Make()->Changes(5, {}, SimTime{kEnd}), expected);
  EXPECT_TRUE(churn->Changes(0, {}, SimTime{kEnd}).empty());
}

TEST_P(ChurnConformance, NothingChangesAfterTheMomentFromWhichItRests) {
  const auto churn = Make();
  if (!churn || churn->rests_from() == SimTime::max()) return;
  EXPECT_TRUE(churn->Changes(kNodes, churn->rests_from(), SimTime{kEnd * 100}).empty());
}

TEST_P(ChurnConformance, MayBeAskedOnTheLastDayOfTheClock) {
  const auto churn = Make();
  if (!churn || GetParam() == "sessions") return;  // it would draw 292 years of stays
  const SimTime last = SimTime::max() - std::chrono::hours(1);
  EXPECT_NO_FATAL_FAILURE((void)churn->Changes(kNodes, last, SimTime::max()));
  (void)churn->IsOnline(NodeId{0}, SimTime::max());
}

}  // namespace
}  // namespace delstep
