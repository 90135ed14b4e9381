#include "mobility/radio_contacts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "mobility/mobility_test_tools.h"
#include "mobility/models.h"
#include "mobility/scripted_mobility.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const ContactPlan> Within(const Mobility& mobility, double range) {
  return MakeRadioContacts(mobility, {.range = range}, 7);
}

/// Legs that run, stand, jump and vanish: as unlike each other as traces are. They end on multiples
/// of a quarter of a second, so that many end together.
ScriptedMobility RandomWays(std::uint64_t seed, std::uint32_t nodes) {
  std::vector<std::vector<Leg>> all(nodes);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    Random random(MakeKey(seed, Purpose::kMobility, node));
    SimTime now{};
    Position place{random.Uniform() * 100, random.Uniform() * 100};
    while (now < At(20)) {
      Leg leg;
      leg.begins = now;
      leg.ends = now + Duration(250'000'000) * (1 + random.Below(12));
      if (random.Chance(0.1)) place = {random.Uniform() * 100, random.Uniform() * 100};
      leg.from = place;
      leg.present = !random.Chance(0.1);
      if (random.Chance(0.7)) {
        leg.vx = random.Uniform(-15, 15);
        leg.vy = random.Uniform(-15, 15);
      }
      place = leg.At(leg.ends);
      now = leg.ends;
      all[node].push_back(leg);
    }
    all[node].push_back({.begins = now, .from = place});
  }
  return ScriptedMobility(std::move(all));
}

/// Contacts of a pair found without a formula: on each piece of both legs the distance falls and
/// then rises, so its least place is found by ternary search, and both rims by bisection.
std::vector<ContactChange> Searched(const Mobility& mobility, NodeId a, NodeId b, double range,
                                    SimTime until) {
  std::vector<std::pair<SimTime, SimTime>> spans;
  for (SimTime begins{}; begins <= until;) {
    const Leg one = mobility.LegAt(a, begins), other = mobility.LegAt(b, begins);
    const SimTime ends = std::min({one.ends, other.ends, until + std::chrono::seconds(1)});
    const auto apart = [&](SimTime t) {
      const Position p = one.At(t), q = other.At(t);
      return std::hypot(p.x - q.x, p.y - q.y);
    };
    if (one.present && other.present) {
      SimTime low = begins, high = ends;
      while (high - low > Duration(2)) {
        const SimTime third = low + (high - low) / 3, later = high - (high - low) / 3;
        (apart(third) < apart(later) ? high : low) = apart(third) < apart(later) ? later : third;
      }
      if (apart(low) <= range) {
        const auto rim = [&](SimTime inside, SimTime outside) {
          if (apart(outside) <= range) return outside;
          while (std::chrono::abs(outside - inside) > Duration(1)) {
            const SimTime middle = inside + (outside - inside) / 2;
            (apart(middle) <= range ? inside : outside) = middle;
          }
          return inside;
        };
        const SimTime first = rim(low, begins), last = rim(low, ends);
        if (!spans.empty() && first - spans.back().second < Duration(10))
          spans.back().second = last;
        else
          spans.emplace_back(first, last);
      }
    }
    begins = ends;
  }
  std::vector<ContactChange> changes;
  for (const auto& [begins, ends] : spans) {
    if (begins > SimTime{} && begins <= until) changes.push_back({begins, a, b, true});
    if (ends <= until) changes.push_back({ends, a, b, false});
  }
  return changes;
}

TEST(RadioContacts, AreThoseThatASearchFinds) {
  constexpr std::uint32_t kNodes = 25;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const ScriptedMobility mobility = RandomWays(seed, kNodes);
    std::map<std::pair<NodeId, NodeId>, std::vector<ContactChange>> found;
    for (const ContactChange& change : Within(mobility, 20)->Changes(kNodes, At(0), At(20)))
      found[{change.a, change.b}].push_back(change);
    for (std::uint32_t b = 0; b < kNodes; ++b)
      for (std::uint32_t a = 0; a < b; ++a) {
        const auto& changes = found[{NodeId{a}, NodeId{b}}];
        const auto expected = Searched(mobility, NodeId{a}, NodeId{b}, 20, At(20));
        ASSERT_EQ(changes.size(), expected.size()) << seed << ": " << a << " " << b;
        for (std::size_t i = 0; i < changes.size(); ++i) {
          EXPECT_EQ(changes[i].begins, expected[i].begins);
          // The rim is passed at centimetres per second at least, and places are good to 1e-13 m.
          EXPECT_LE(std::chrono::abs(changes[i].at - expected[i].at), Duration(3));
          ++compared;
        }
      }
  }
  EXPECT_GT(compared, 1000);
}

TEST(RadioContacts, DoNotDependOnTheWindowsAskedFor) {
  constexpr std::uint32_t kNodes = 30;
  for (std::uint64_t seed = 10; seed < 20; ++seed) {
    const ScriptedMobility mobility = RandomWays(seed, kNodes);
    const auto plan = Within(mobility, 25);
    const auto whole = plan->Changes(kNodes, At(0), At(21));
    Random random(MakeKey(seed, Purpose::kTopology));
    std::vector<ContactChange> parts;
    std::set<ContactPlan::Pair> now;
    for (const auto& pair : plan->At(kNodes, At(0))) now.insert(pair);
    SimTime after = At(0);
    while (after < At(21)) {
      // To a moment in between, to the end of a leg, or to the very moment of a change.
      SimTime until = after + Duration(1 + random.Below(2'000'000'000));
      if (random.Chance(0.3)) until = At(std::ceil(Seconds(until) * 4) / 4);
      if (random.Chance(0.3)) until = whole[random.Below(whole.size())].at;
      until = std::clamp(until, after, At(21));
      for (const ContactChange& change : plan->Changes(kNodes, after, until)) {
        parts.push_back(change);
        const ContactPlan::Pair pair(change.a, change.b);
        ASSERT_EQ(change.begins ? now.insert(pair).second : now.erase(pair) == 1, true)
            << "changes of a pair alternate";
      }
      const auto at = plan->At(kNodes, until);
      EXPECT_EQ(std::set(at.begin(), at.end()), now);
      EXPECT_TRUE(std::ranges::is_sorted(at));
      after = until;
    }
    EXPECT_EQ(parts, whole);
    EXPECT_THAT(plan->Changes(kNodes, At(5), At(5)), IsEmpty());
  }
}

TEST(RadioContacts, ComeInOrderAndOnlyOfTheFirstNodes) {
  const ScriptedMobility mobility = RandomWays(3, 30);
  const auto plan = Within(mobility, 25);
  const auto all = plan->Changes(30, At(0), At(20));
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, [](const ContactChange& change) {
    return std::tuple(change.at, change.begins, change.a, change.b);
  }));
  std::vector<ContactChange> few;
  for (const ContactChange& change : all)
    if (change.b < NodeId{12}) few.push_back(change);
  EXPECT_EQ(plan->Changes(12, At(0), At(20)), few);
}

TEST(RadioContacts, EndBeforeOthersBeginAtTheSameMoment) {
  // At 2 s node 1 jumps from node 0 to node 2.
  const Leg near{.begins = At(0), .ends = At(2), .from = {1, 0}};
  const Leg far{.begins = At(2), .from = {99, 0}};
  const ScriptedMobility mobility({{Leg{}}, {near, far}, {Leg{.from = {100, 0}}}});
  const auto plan = Within(mobility, 10);
  const NodeId a{0}, b{1}, c{2};
  EXPECT_THAT(plan->At(3, At(0)), ElementsAre(ContactPlan::Pair(a, b)));
  EXPECT_THAT(plan->Changes(3, At(0), At(100)),
              ElementsAre(ContactChange{At(2), a, b, false}, ContactChange{At(2), b, c, true}));
  EXPECT_THAT(plan->At(3, At(2)), ElementsAre(ContactPlan::Pair(b, c)));
  // The jump itself is at 2 s; nothing can come after the nanosecond that follows.
  EXPECT_EQ(plan->rests_from(), At(2) + Duration(1));
  EXPECT_THAT(plan->Changes(3, At(2), SimTime::max()), IsEmpty());
}

TEST(RadioContacts, OfNodesAtRestNeverChange) {
  const ScriptedMobility mobility({{Leg{}}, {Leg{.from = {3, 4}}}});
  EXPECT_EQ(Within(mobility, 5)->rests_from(), SimTime{});
  EXPECT_EQ(Within(mobility, 5)->At(2, At(9)).size(), 1u);
  EXPECT_THAT(Within(mobility, 4.99)->At(2, At(9)), IsEmpty());
}

TEST(RadioContacts, LinkUniformNodesWithTheKnownProbability) {
  // P(two uniform points of the unit square within r) = pi r^2 - 8 r^3 / 3 + r^4 / 2.
  constexpr std::uint32_t kNodes = 2000;
  const auto mobility = MakeRandomWalk(Moving("random-walk")).value();
  for (const auto& [range, share] : {std::pair{0.1, 0.02880}, {0.2, 0.10513}, {0.35, 0.27801}}) {
    const double pairs = kNodes * (kNodes - 1) / 2.0;
    const auto near = static_cast<double>(Within(*mobility, range)->At(kNodes, At(1)).size());
    // Pairs share nodes: the expected number of neighbours of a node varies by less than a quarter,
    // so the share by less than 2 / 4 / sqrt(2000) of itself.
    EXPECT_NEAR(near / pairs, share, 4 * share * 0.5 / std::sqrt(kNodes));
  }
}

/// Contacts that begin, per pair and second, and how long contacts last on average.
std::pair<double, double> Meetings(const Mobility& mobility, double range) {
  constexpr std::uint32_t kNodes = 150;
  constexpr double kSeconds = 15;
  std::map<ContactPlan::Pair, SimTime> since;
  double begun = 0, ended = 0, seconds = 0;
  for (const auto& change : Within(mobility, range)->Changes(kNodes, At(0), At(kSeconds))) {
    if (change.begins) {
      since[{change.a, change.b}] = change.at;
      ++begun;
    } else if (const auto found = since.find({change.a, change.b}); found != since.end()) {
      seconds += Seconds(change.at - found->second);
      ++ended;
    }
  }
  return {begun / kSeconds / (kNodes * (kNodes - 1) / 2.0), seconds / ended};
}

TEST(RadioContacts, BeginAndLastAsTheoryHasIt) {
  // Groenevelt, Nain and Koole 2005: pairs meet at the rate 2 w r E[V*] / L^2, with E[V*] = 4 v / pi
  // for two of the same speed v and w = 1.3683 for random waypoint, 1 for uniform places; that
  // leaves out walls, so it is some per cent high. Straight ways last pi^2 r / (8 v).
  Scenario scenario = Moving("random-waypoint");
  scenario.mobility.speed = {.a = 1};
  const auto [waypoint_rate, waypoint_length] =
      Meetings(*MakeRandomWaypoint(scenario).value(), 0.05);
  EXPECT_NEAR(waypoint_rate, 0.1685, 0.1 * 0.1685);
  EXPECT_NEAR(waypoint_length, 0.0617, 0.05 * 0.0617);
  scenario.mobility.step = 1;
  const auto [walk_rate, walk_length] = Meetings(*MakeRandomWalk(scenario).value(), 0.05);
  EXPECT_NEAR(walk_rate, 0.1169, 0.1 * 0.1169);
  EXPECT_NEAR(walk_length, 0.0617, 0.06 * 0.0617);
}

TEST(RadioContacts, OfLogDistanceHaveARangeForEachPair) {
  // Pairs far from each other, the two of each `apart` metres: in range if X dB of shadowing are at
  // least 10 exponent log10(apart / range), which is 0 at the range and one sigma of 4 dB at
  // 10^(4/30) times it.
  constexpr std::uint32_t kPairs = 4000;
  const RadioOptions options{.range = 100, .model = "log-distance"};
  for (const auto& [apart, share] : {std::pair{100.0, 0.5}, {135.94, 0.1587}}) {
    std::vector<std::vector<Leg>> legs;
    for (std::uint32_t i = 0; i < kPairs; ++i) {
      legs.push_back({Leg{.from = {1000.0 * i, 0}}});
      legs.push_back({Leg{.from = {1000.0 * i, apart}}});
    }
    const ScriptedMobility mobility(std::move(legs));
    const auto pairs = MakeRadioContacts(mobility, options, 7)->At(2 * kPairs, At(0));
    EXPECT_NEAR(static_cast<double>(pairs.size()) / kPairs, share, FourSigma(share, kPairs));
    EXPECT_EQ(MakeRadioContacts(mobility, options, 7)->At(2 * kPairs, At(50)), pairs);
    EXPECT_NE(MakeRadioContacts(mobility, options, 8)->At(2 * kPairs, At(0)), pairs);
  }
  // Three deviations of 4 dB at most: 10^(12/30) = 2.512 times the range.
  std::vector<std::vector<Leg>> legs;
  for (std::uint32_t i = 0; i < 2000; ++i) legs.push_back({Leg{.from = {i * 251.2, 0}}});
  EXPECT_THAT(MakeRadioContacts(ScriptedMobility(legs), options, 7)->At(2000, At(0)), IsEmpty());
}

TEST(RadioContacts, AskForWindowsOfAboutAContact) {
  // 100 m at 2 m/s.
  const ScriptedMobility mobility({{Leg{.from = {}, .vx = 1}}, {Leg{.from = {}, .vy = 3}}});
  EXPECT_EQ(Within(mobility, 100)->window(), std::chrono::seconds(50));
  EXPECT_EQ(Within(ScriptedMobility({{Leg{}}}), 100)->window(), std::chrono::seconds(60));
}

}  // namespace
}  // namespace delstep
