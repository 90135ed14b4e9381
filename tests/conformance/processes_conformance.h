#pragma once
/// What every implementation of Processes (src/cluster/processes.h) promises.
///
/// Each promise is a function that all processes of one world play at the same time, each with the
/// Processes as itself sees it. Who expects something says so by EXPECT_; a promise that is broken may
/// also end in waiting for ever, so whoever runs them has a limit of time. A promise leaves nothing on
/// the way, and the next one may be played in the same world. None relies on more than is promised:
/// Send() may wait until the receiver takes the message.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "cluster/processes.h"

namespace delstep::conformance {

/// A text that no other sender, receiver or place in the order has, with every kind of byte in it.
inline std::string LetterOf(int from, int to, std::size_t length) {
  std::string text(length, '\0');
  for (std::size_t i = 0; i < length; ++i)
    text[i] = static_cast<char>(i * 7 + static_cast<std::size_t>(from * 64 + to));
  return text;
}

/// Numbers as bits: whatever they are as floats (a NaN with a payload, a denormal), they arrive.
inline std::vector<float> NumbersOf(int from, int to, std::size_t length) {
  std::vector<float> numbers(length);
  for (std::size_t i = 0; i < length; ++i)
    numbers[i] = std::bit_cast<float>(static_cast<std::uint32_t>(i * 2'654'435'761u) +
                                      static_cast<std::uint32_t>(from * 64 + to));
  return numbers;
}

inline bool SameBits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) {
           return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
         });
}

inline void EachHasANumberOfItsOwn(Processes& world) {
  ASSERT_GE(world.self(), 0);
  ASSERT_LT(world.self(), world.size());
  if (world.self() != 0) return world.Send(0, std::to_string(world.self()));
  for (int other = 1; other < world.size(); ++other)
    EXPECT_EQ(world.Receive(other), std::to_string(other));
}

inline void MessagesComeWholeAndInTheOrderOfTheirSender(Processes& world) {
  constexpr std::size_t kLengths[] = {0, 1, 100'000, 3, 0};
  // One sends at a time: Send() may wait until the receiver takes the message.
  for (int sender = 0; sender < world.size(); ++sender)
    for (int to = 0; to < world.size(); ++to) {
      if (to == sender) continue;
      for (const std::size_t length : kLengths) {
        const std::string letter = LetterOf(sender, to, length);
        if (world.self() == sender) world.Send(to, letter);
        if (world.self() == to) {
          EXPECT_EQ(world.Receive(sender), letter);
        }
      }
    }
}

inline void TwoMaySendToOneAndItTakesThemAsItLikes(Processes& world) {
  if (world.self() != 0) {
    world.Send(0, "first of " + std::to_string(world.self()));
    return world.Send(0, "second of " + std::to_string(world.self()));
  }
  for (int other = world.size() - 1; other > 0; --other)
    for (const char* which : {"first", "second"})
      EXPECT_EQ(world.Receive(other), std::string(which) + " of " + std::to_string(other));
}

inline void AMessageIsSeenBeforeItIsTakenAndNoneIsMadeUp(Processes& world) {
  if (world.self() != 0) {
    EXPECT_EQ(world.Receive(0), "go");
    EXPECT_FALSE(world.HasMessage(0)) << "it was the only one";
    return world.Send(0, "gone");
  }
  for (int other = 1; other < world.size(); ++other) {
    for (int later = other; later < world.size(); ++later)
      EXPECT_FALSE(world.HasMessage(later)) << "they wait to be told";
    world.Send(other, "go");
    while (!world.HasMessage(other)) std::this_thread::yield();
    EXPECT_TRUE(world.HasMessage(other)) << "looking takes nothing away";
    EXPECT_EQ(world.Receive(other), "gone");
    EXPECT_FALSE(world.HasMessage(other));
  }
}

inline void RowsGoRoundARingAtTheSameTime(Processes& world) {
  const int all = world.size(), self = world.self();
  if (all == 1) return;
  const int next = (self + 1) % all, before = (self + all - 1) % all;
  // Longer than what any transport holds on the way by itself: who waited for the other would wait for ever.
  constexpr std::size_t kLength = 1'000'000;
  const std::vector<float> mine = NumbersOf(self, next, kLength);
  std::vector<float> got(kLength);
  const Processes::Outgoing out{.to = next, .numbers = mine};
  const Processes::Incoming in{.from = before, .numbers = got};
  world.Exchange({&out, 1}, {&in, 1});
  EXPECT_TRUE(SameBits(got, NumbersOf(before, self, kLength)));
}

inline void RowsBetweenTwoKeepTheirOrderAndLengths(Processes& world) {
  constexpr std::size_t kLengths[] = {16, 1, 0, 70'000, 16};
  std::vector<std::vector<float>> sent, got;
  std::vector<Processes::Outgoing> out;
  std::vector<Processes::Incoming> in;
  // All to all, the receivers in the one order and the senders in the other.
  for (int other = 0; other < world.size(); ++other)
    for (const std::size_t length : kLengths)
      if (other != world.self()) {
        sent.push_back(NumbersOf(world.self(), other, length));
        out.push_back({.to = other, .numbers = sent.back()});
      }
  for (int other = world.size() - 1; other >= 0; --other)
    for (const std::size_t length : kLengths)
      if (other != world.self()) {
        got.emplace_back(length);
        in.push_back({.from = other, .numbers = got.back()});
      }
  world.Exchange(out, in);
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_TRUE(SameBits(got[i], NumbersOf(in[i].from, world.self(), got[i].size()))) << i;
}

inline void OneRowGoesToManyAndOthersNeedNotTakePart(Processes& world) {
  const int last = world.size() - 1;
  const std::vector<float> row = NumbersOf(0, 0, 100);
  std::vector<Processes::Outgoing> out;
  std::vector<float> got(row.size());
  const Processes::Incoming in{.from = 0, .numbers = got};
  if (world.self() == 0) {
    for (int other = 1; other < last; ++other) out.push_back({.to = other, .numbers = row});
    world.Exchange(out, {});
  } else if (world.self() < last) {
    world.Exchange({}, {&in, 1});
    EXPECT_TRUE(SameBits(got, row));
  }
}

// As a round of a run is: an order, rows in both directions, an answer.
inline void MessagesAndRowsDoNotMeet(Processes& world) {
  if (world.size() == 1 || world.self() > 1) return;
  const int other = 1 - world.self();
  for (const std::string order : {"first", "second", "third"}) {
    if (world.self() == 0)
      world.Send(1, order);
    else
      EXPECT_EQ(world.Receive(0), order);
    const std::vector<float> mine = NumbersOf(world.self(), other, 64);
    std::vector<float> got(64);
    const Processes::Outgoing out{.to = other, .numbers = mine};
    const Processes::Incoming in{.from = other, .numbers = got};
    world.Exchange({&out, 1}, {&in, 1});
    EXPECT_TRUE(SameBits(got, NumbersOf(other, world.self(), 64)));
    if (world.self() == 1)
      world.Send(0, "done with the " + order);
    else
      EXPECT_EQ(world.Receive(1), "done with the " + order);
  }
}

inline void AnyThreadMayCallAsLongAsOneDoes(Processes& world) {
  const auto elsewhere = [](auto call) { std::jthread(call).join(); };
  if (world.self() != 0) {
    elsewhere([&] { world.Send(0, "from a thread"); });
    EXPECT_EQ(world.Receive(0), "and back");
    return;
  }
  for (int other = 1; other < world.size(); ++other) {
    EXPECT_EQ(world.Receive(other), "from a thread");
    elsewhere([&] { world.Send(other, "and back"); });
  }
}

struct NamedPromise {
  const char* name;
  void (*play)(Processes& world);
};
inline constexpr NamedPromise kProcessesPromises[] = {
    {"EachHasANumberOfItsOwn", EachHasANumberOfItsOwn},
    {"MessagesComeWholeAndInTheOrderOfTheirSender", MessagesComeWholeAndInTheOrderOfTheirSender},
    {"TwoMaySendToOneAndItTakesThemAsItLikes", TwoMaySendToOneAndItTakesThemAsItLikes},
    {"AMessageIsSeenBeforeItIsTakenAndNoneIsMadeUp", AMessageIsSeenBeforeItIsTakenAndNoneIsMadeUp},
    {"RowsGoRoundARingAtTheSameTime", RowsGoRoundARingAtTheSameTime},
    {"RowsBetweenTwoKeepTheirOrderAndLengths", RowsBetweenTwoKeepTheirOrderAndLengths},
    {"OneRowGoesToManyAndOthersNeedNotTakePart", OneRowGoesToManyAndOthersNeedNotTakePart},
    {"MessagesAndRowsDoNotMeet", MessagesAndRowsDoNotMeet},
    {"AnyThreadMayCallAsLongAsOneDoes", AnyThreadMayCallAsLongAsOneDoes},
};

}  // namespace delstep::conformance
