#include "core/world/parcels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <optional>
#include <vector>

#include "core/world/row.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

MessageId Id(std::uint64_t number) { return static_cast<MessageId>(number); }

ModelMessage Numbered(std::uint64_t number) {
  ModelMessage message;
  message.header = {.id = Id(number),
                    .from = static_cast<NodeId>(number % 7),
                    .to = static_cast<NodeId>(7),
                    .bytes = number};
  return message;
}

std::vector<std::uint64_t> NumbersIn(const Parcels& parcels) {
  std::vector<std::uint64_t> numbers;
  parcels.ForEach([&](const ModelMessage& message) {
    numbers.push_back(static_cast<std::uint64_t>(message.header.id));
  });
  return numbers;
}

TEST(Parcels, AreFoundByTheirNumbersAndComeInTheirOrder) {
  Parcels parcels;
  for (const std::uint64_t number : {130u, 5u, 64u, 63u, 1000u, 6u}) parcels.Add(Numbered(number));
  EXPECT_EQ(parcels.size(), 6u);
  EXPECT_THAT(NumbersIn(parcels), ElementsAre(5, 6, 63, 64, 130, 1000));
  ASSERT_NE(parcels.Find(Id(64)), nullptr);
  EXPECT_EQ(parcels.Find(Id(64))->header.bytes, 64u);
  // In a part that is there, between two parts, before the first and after the last.
  for (const std::uint64_t number : {7u, 500u, 0u, 4000u})
    EXPECT_EQ(parcels.Find(Id(number)), nullptr) << number;
}

TEST(Parcels, WhatIsTakenIsGoneAndTheRestStays) {
  Parcels parcels;
  for (std::uint64_t number = 100; number < 400; ++number) parcels.Add(Numbered(number));
  for (std::uint64_t number = 100; number < 400; ++number) {
    if (number % 100 == 3) continue;
    EXPECT_EQ(parcels.Take(Id(number)).header.bytes, number);
  }
  EXPECT_THAT(NumbersIn(parcels), ElementsAre(103, 203, 303));
  EXPECT_EQ(parcels.Find(Id(104)), nullptr);
  // A number that was there before may come again: a message that `deliver` has put back.
  parcels.Add(Numbered(250));
  EXPECT_THAT(NumbersIn(parcels), ElementsAre(103, 203, 250, 303));
  for (const std::uint64_t number : NumbersIn(parcels)) parcels.Take(Id(number));
  EXPECT_TRUE(parcels.empty());
  EXPECT_THAT(NumbersIn(parcels), ElementsAre());
}

// A file of a checkpoint may say any number, and it pays for no more than a message.
TEST(Parcels, FarNumbersTakeNoMoreMemoryThanNearOnes) {
  constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();
  Parcels near, far;
  near.Add(Numbered(0));
  near.Add(Numbered(64));
  far.Add(Numbered(0));
  far.Add(Numbered(kLast));
  EXPECT_EQ(far.OwnBytes({}), near.OwnBytes({}));
  EXPECT_EQ(far.Take(Id(kLast)).header.bytes, kLast);
  EXPECT_THAT(NumbersIn(far), ElementsAre(0));
}

TEST(Parcels, AMessageThatStaysDoesNotKeepThePlacesOfThoseThatCameAndWent) {
  Parcels few, many;
  for (Parcels* parcels : {&few, &many}) parcels->Add(Numbered(0));
  for (std::uint64_t number = 1; number < 100'000; ++number) {
    many.Add(Numbered(number));
    many.Take(Id(number));
  }
  // An empty place goes at the latest when there are as many as full ones, so at most one is left.
  EXPECT_LE(many.OwnBytes({}), few.OwnBytes({}) + 16);
}

TEST(Parcels, CopiesShareWhatNeitherHasChanged) {
  Parcels parcels;
  for (std::uint64_t number = 0; number < 640; ++number) parcels.Add(Numbered(number));
  const Bytes all = parcels.OwnBytes({});
  Parcels copy = parcels;
  EXPECT_EQ(copy.OwnBytes(parcels), 0u);
  copy.Take(Id(3));
  EXPECT_NE(parcels.Find(Id(3)), nullptr);
  // One part of twenty is its own now, and the list of the twenty.
  EXPECT_LT(copy.OwnBytes(parcels), all / 5);
  EXPECT_GT(copy.OwnBytes(parcels), all / 20);
}

TEST(Parcels, AreSortedIntoThoseThatStayMoveAndGoUntilTheRoundEnds) {
  Parcels parcels, wire;
  for (std::uint64_t number = 0; number < 300; ++number) parcels.Add(Numbered(number));
  wire.Add(Numbered(64));  // in a part whose others come, and in one where nothing comes
  wire.Add(Numbered(1000));
  parcels.Take(Id(64));
  const Parcels before = parcels;
  std::vector<std::uint64_t> shown;
  const auto decide = [&](const ModelMessage& message) -> std::optional<Parcels::Fate> {
    const std::uint64_t number = shown.emplace_back(message.header.bytes);
    if (number == 200) return std::nullopt;
    // The first four parts move as a whole; of the next ones every third stays, moves, goes.
    if (number < 128 || number % 3 == 1) return Parcels::Fate::kMoves;
    return number % 3 == 0 ? Parcels::Fate::kStays : Parcels::Fate::kGoes;
  };
  parcels.Sort(decide, wire, SimTime(5s));
  std::vector<std::uint64_t> moved, stay, all;
  for (std::uint64_t number = 0; number < 300; ++number) {
    if (number <= 200 && number != 64) all.push_back(number);
    if (number < 128 || (number < 200 && number % 3 == 1)) moved.push_back(number);
    if (number >= 200 || (number >= 128 && number % 3 == 0)) stay.push_back(number);
  }
  moved.push_back(1000);
  EXPECT_EQ(shown, all);
  EXPECT_EQ(NumbersIn(parcels), stay);
  EXPECT_EQ(NumbersIn(wire), moved);
  EXPECT_EQ(parcels.size(), stay.size());
  EXPECT_EQ(wire.size(), moved.size());
  for (const std::uint64_t number : {0u, 65u, 130u}) {
    EXPECT_EQ(wire.Find(Id(number))->sent, SimTime(5s)) << number;
    EXPECT_EQ(before.Find(Id(number))->sent, SimTime()) << number;  // a copy sees none of it
  }
  EXPECT_EQ(wire.Find(Id(64))->sent, SimTime());
  EXPECT_EQ(before.size(), 299u);
  for (const std::uint64_t number : moved) wire.Take(Id(number));
  for (const std::uint64_t number : stay) parcels.Take(Id(number));
  EXPECT_TRUE(wire.empty());
  EXPECT_TRUE(parcels.empty());
}

// A moment's size is in checkpoints, so it must not depend on how messages have left. Of ten places
// the sixth that is empty makes six go (6 is more than half of 10); two more of four stay.
TEST(Parcels, SortingLeavesAsManyPlacesAsTakingOneByOne) {
  Parcels sorted, wire;
  for (std::uint64_t number = 0; number < 320; ++number) sorted.Add(Numbered(number));
  Parcels taken = sorted;
  const auto first_eight_parts = [](const ModelMessage& message) {
    return std::optional(message.header.bytes < 256 ? Parcels::Fate::kMoves
                                                    : Parcels::Fate::kStays);
  };
  sorted.Sort(first_eight_parts, wire, SimTime());
  for (std::uint64_t number = 0; number < 256; ++number) taken.Take(Id(number));
  EXPECT_EQ(sorted.OwnBytes({}), taken.OwnBytes({}));
  EXPECT_EQ(NumbersIn(sorted), NumbersIn(taken));
}

TEST(Parcels, WhatMovesAsAWholePartIsNotCopied) {
  Parcels parcels, wire;
  for (std::uint64_t number = 0; number < 64; ++number) parcels.Add(Numbered(number));
  const ModelMessage* const first = parcels.Find(Id(0));
  const auto all = [](const ModelMessage&) { return std::optional(Parcels::Fate::kMoves); };
  parcels.Sort(all, wire, SimTime());
  EXPECT_EQ(wire.Find(Id(0)), first);
  EXPECT_EQ(wire.size(), 64u);
  EXPECT_TRUE(parcels.empty());
  EXPECT_EQ(parcels.OwnBytes({}), 0u);
}

TEST(Parcels, WhatIsTakenKeepsNoRowAlive) {
  RowPool pool(16);
  Parcels parcels;
  for (std::uint64_t number = 0; number < 3; ++number) {
    ModelMessage message = Numbered(number);
    message.model.row = pool.New();
    parcels.Add(std::move(message));
  }
  parcels.Take(Id(1));
  EXPECT_EQ(pool.live(), 2u);
  Parcels other;
  parcels.Sort([](const ModelMessage&) { return std::optional(Parcels::Fate::kGoes); }, other, {});
  EXPECT_EQ(pool.live(), 0u);
}

TEST(Parcels, WhatMovesLeavesNoRowBehind) {
  RowPool pool(16);
  Parcels parcels, wire;
  for (std::uint64_t number = 0; number < 3; ++number) {
    ModelMessage message = Numbered(number);
    message.model.row = pool.New();
    parcels.Add(std::move(message));
  }
  const auto one = [](const ModelMessage& message) {
    return std::optional(message.header.bytes == 1 ? Parcels::Fate::kMoves : Parcels::Fate::kStays);
  };
  parcels.Sort(one, wire, SimTime());
  EXPECT_EQ(pool.live(), 3u);
  wire.Take(Id(1));
  EXPECT_EQ(pool.live(), 2u);
}

TEST(Parcels, AWholePartThatGoesStaysInACopy) {
  Parcels parcels, wire;
  for (std::uint64_t number = 0; number < 96; ++number) parcels.Add(Numbered(number));
  const Parcels before = parcels;
  const ModelMessage* const first = before.Find(Id(0));
  const auto first_part = [](const ModelMessage& message) {
    return std::optional(message.header.bytes < 32 ? Parcels::Fate::kGoes : Parcels::Fate::kStays);
  };
  parcels.Sort(first_part, wire, SimTime());
  EXPECT_EQ(parcels.size(), 64u);
  EXPECT_EQ(NumbersIn(parcels).front(), 32u);
  EXPECT_TRUE(wire.empty());
  EXPECT_EQ(before.size(), 96u);
  EXPECT_EQ(before.Find(Id(0)), first);
}

TEST(MailCounts, CountEachNodeByItself) {
  MailCounts counts;
  counts.Write(static_cast<NodeId>(1000)).outbox = 3;
  const MailCounts copy = counts;
  ++counts.Write(static_cast<NodeId>(1000)).in_flight_to;
  EXPECT_EQ(counts.Of(static_cast<NodeId>(1000)), (MailCount{.outbox = 3, .in_flight_to = 1}));
  EXPECT_EQ(copy.Of(static_cast<NodeId>(1000)), (MailCount{.outbox = 3}));
  for (const std::uint32_t other : {0u, 999u, 1001u, 5000u})
    EXPECT_EQ(counts.Of(static_cast<NodeId>(other)), MailCount());
}

}  // namespace
}  // namespace delstep
