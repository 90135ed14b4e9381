#include "network/remote/journal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "network/remote/saved.h"
#include "network/remote/ways.h"

namespace delstep::remote {
namespace {

using namespace std::chrono_literals;

Message Numbered(std::uint64_t id) { return {MessageId{id}, NodeId{0}, NodeId{7}, 100}; }

/// One change of each kind.
Journal Whole() {
  Journal journal;
  for (const std::uint32_t node : {0u, 7u, 2u}) journal.Add(Attached{NodeId{node}});
  journal.Add(DefaultSet{{.loss = 0.5}});
  journal.Add(LinkSet{NodeId{0}, NodeId{7}, {.bandwidth = 1e6}});
  journal.Add(LinkCleared{NodeId{0}, NodeId{7}});
  journal.Add(CapacitySet{NodeId{0}, 1e6, 2e6});
  journal.Add(Moves{NodeId{0}, {{SimTime{}, 1, 2, SimTime{5ns}, 3, 4}}});
  journal.Add(Sent{Numbered(1)});
  journal.AddPassed(SimTime{5ns});
  journal.Add(Sent{Numbered(2)});
  journal.Add(Sent{Numbered(3)});
  journal.Add(Withdrawn{{MessageId{2}}});
  journal.Add(Switched{NodeId{7}, false});
  journal.Add(Detached{NodeId{2}});
  journal.AddPassed(SimTime{9ns});
  return journal;
}

Saved WholeSaved() {
  // 3 is on the way: it was the third one, sent at 5 ns.
  return {.version = "fake 1",
          .start = SimTime{100ns},
          .journal = Whole(),
          .on_the_way = OnTheWay({{.message = Numbered(3), .sent = SimTime{5ns}, .number = 2}}, 3)};
}

Result<Saved> Read(std::string_view bytes) {
  return ReadSaved(bytes, [](NodeId node) { return node == NodeId{0} || node == NodeId{7}; });
}

TEST(Journal, TimeThatPassesInPiecesIsOneEntry) {
  Journal journal;
  EXPECT_EQ(journal.AddPassed(SimTime{1ns}), 0u);
  EXPECT_EQ(journal.AddPassed(SimTime{2ns}), 0u);
  journal.Add(Attached{NodeId{0}});
  EXPECT_EQ(journal.AddPassed(SimTime{2ns}), 2u);
  ASSERT_EQ(journal.size(), 3u);
  EXPECT_EQ(journal[0], Change(Passed{SimTime{2ns}}));
  EXPECT_EQ(journal.now(), SimTime{2ns});
}

TEST(Journal, CopiesShareTheirPastAndHaveFuturesOfTheirOwn) {
  Journal first;
  for (std::uint32_t i = 0; i < 1500; ++i) first.Add(Attached{NodeId{i}});
  Journal second = first;
  first.Add(Detached{NodeId{1}});
  second.Add(Detached{NodeId{2}});
  EXPECT_EQ(first[1500], Change(Detached{NodeId{1}}));
  EXPECT_EQ(second[1500], Change(Detached{NodeId{2}}));
  for (std::uint32_t i = 0; i < 1500; ++i) EXPECT_EQ(second[i], Change(Attached{NodeId{i}}));
}

TEST(SavedNetwork, ComesBackAsItWas) {
  const Saved saved = WholeSaved();
  const auto read = Read(WriteSaved(saved));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->version, "fake 1");
  EXPECT_EQ(read->start, SimTime{100ns});
  ASSERT_EQ(read->journal.size(), saved.journal.size());
  for (std::size_t i = 0; i < saved.journal.size(); ++i)
    EXPECT_EQ(read->journal[i], saved.journal[i]) << i;
  EXPECT_TRUE(read->on_the_way == saved.on_the_way);
}

TEST(SavedNetwork, ThatWasCutOrChangedIsRefused) {
  const std::string bytes = WriteSaved(WholeSaved());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(Read(bytes.substr(0, i)));
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(Read(changed)) << i;
  }
}

// Whoever makes bytes up can also make up their hash.
TEST(SavedNetwork, ThatCannotHaveComeAboutIsRefused) {
  const auto with = [](Change change) {
    Saved saved = WholeSaved();
    saved.journal.Add(std::move(change));
    return Read(WriteSaved(saved)).ok();
  };
  EXPECT_TRUE(with(Switched{NodeId{7}, true}));
  EXPECT_FALSE(with(Attached{NodeId{0}})) << "was attached before";
  EXPECT_FALSE(with(Attached{NodeId{2}})) << "has left for good";
  EXPECT_FALSE(with(Attached{NodeId{9}})) << "the network has no such node";
  EXPECT_FALSE(with(Detached{NodeId{7}})) << "the network has it still";
  EXPECT_FALSE(with(Switched{NodeId{2}, true})) << "has left";
  EXPECT_FALSE(with(LinkSet{NodeId{0}, NodeId{0}, {}}));
  EXPECT_FALSE(with(LinkCleared{NodeId{0}, NodeId{3}}));
  EXPECT_FALSE(with(Sent{Numbered(1)})) << "the number is used";
  EXPECT_FALSE(with(Sent{Numbered(4)})) << "more were sent than is said";
  EXPECT_FALSE(with(Withdrawn{{MessageId{2}}})) << "was withdrawn before";
  EXPECT_FALSE(with(Withdrawn{{MessageId{3}}})) << "is on the way";
  EXPECT_FALSE(with(Passed{SimTime{8ns}})) << "time goes back";
  EXPECT_FALSE(with(CapacitySet{NodeId{0}, 0, 1}));

  const auto carrying = [](OnTheWay::Flight flight) {
    Saved saved = WholeSaved();
    saved.on_the_way = OnTheWay({flight}, 3);
    return Read(WriteSaved(saved)).ok();
  };
  EXPECT_TRUE(carrying({Numbered(1), SimTime{}, 0}));
  EXPECT_FALSE(carrying({Numbered(1), SimTime{5ns}, 0})) << "sent at another time";
  EXPECT_FALSE(carrying({Numbered(2), SimTime{5ns}, 1})) << "withdrawn";
  EXPECT_FALSE(carrying({Numbered(4), SimTime{5ns}, 3})) << "never sent";
  Message other = Numbered(1);
  other.bytes = 99;
  EXPECT_FALSE(carrying({other, SimTime{}, 0})) << "another size";
}

TEST(Ways, BeginNowAndEndWhenTheyAreToldAnew) {
  // From (10, 0) with 2 m/s along x since 1 s; a rest at (30, 5) from 11 s on.
  const NodeLegs legs{.node = NodeId{3},
                      .legs = {{SimTime{1s}, SimTime{11s}, {10, 0, 0}, 2, 0, true},
                               {SimTime{11s}, SimTime::max(), {30, 5, 0}, 0, 0, true}}};
  const auto ways = WaysOf(legs, SimTime{3s}, SimTime{13s}, SimTime{3s});
  // At 3 s it is at 14 m. The helper's clock began at 3 s of ours.
  const std::vector<Way> expected{{SimTime{0s}, 14, 0, SimTime{8s}, 30, 0},
                                  {SimTime{8s}, 30, 5, SimTime{10s}, 30, 5}};
  EXPECT_EQ(ways, expected);
  // For ever: the place stays a number.
  EXPECT_EQ(
      WaysOf(legs, SimTime{20s}, SimTime::max(), SimTime{3s}),
      (std::vector<Way>{{SimTime{17s}, 30, 5, SimTime(SimTime::max() - SimTime{3s}), 30, 5}}));
}

TEST(Ways, WhoIsNowhereIsFarFromAllOthers) {
  const auto place = [](std::uint32_t node) {
    const NodeLegs gone{.node = NodeId{node},
                        .legs = {{SimTime{}, SimTime::max(), {}, 0, 0, false}}};
    return WaysOf(gone, SimTime{}, SimTime::max(), SimTime{}).at(0);
  };
  // A field is at most 1e6 m wide, and so is a range; 1e9 m is the end of a helper's world.
  std::set<std::pair<double, double>> places;
  for (std::uint32_t node = 0; node < 1000; ++node) {
    const Way way = place(node);
    EXPECT_LT(std::max(way.x0, way.y0), -2e6);
    EXPECT_GE(std::min(way.x0, way.y0), -1e9);
    EXPECT_TRUE(way.x0 == way.x1 && way.y0 == way.y1);
    for (const auto& [x, y] : places)
      ASSERT_GE(std::max(std::abs(way.x0 - x), std::abs(way.y0 - y)), 2e6) << node;
    places.insert({way.x0, way.y0});
  }
}

}  // namespace
}  // namespace delstep::remote
