#include "cluster/thread_processes.h"

#include <gtest/gtest.h>

#include <thread>

namespace delstep {
namespace {

TEST(ThreadProcesses, MessagesOfOneSenderComeInTheirOrder) {
  ThreadProcesses all(3);
  EXPECT_EQ(all.At(2)->self(), 2);
  EXPECT_EQ(all.At(2)->size(), 3);
  EXPECT_FALSE(all.At(0)->HasMessage(1));
  all.At(1)->Send(0, "a");
  all.At(2)->Send(0, "");
  all.At(1)->Send(0, std::string(100'000, 'b'));
  EXPECT_TRUE(all.At(0)->HasMessage(1));
  EXPECT_EQ(all.At(0)->Receive(2), "");
  EXPECT_EQ(all.At(0)->Receive(1), "a");
  EXPECT_EQ(all.At(0)->Receive(1), std::string(100'000, 'b'));
  EXPECT_FALSE(all.At(0)->HasMessage(1));
}

TEST(ThreadProcesses, RowsGoRoundARingWithoutWaitingForEachOther) {
  constexpr int kSize = 4;
  ThreadProcesses all(kSize);
  std::vector<std::vector<float>> got(kSize, std::vector<float>(3));
  {
    std::vector<std::jthread> threads;
    for (int self = 0; self < kSize; ++self)
      threads.emplace_back([&, self] {
        const std::vector<float> mine(3, static_cast<float>(self));
        const Processes::Outgoing out{.to = (self + 1) % kSize, .numbers = mine};
        const Processes::Incoming in{.from = (self + kSize - 1) % kSize,
                                     .numbers = got[static_cast<std::size_t>(self)]};
        all.At(self)->Exchange({&out, 1}, {&in, 1});
      });
  }
  for (int self = 0; self < kSize; ++self)
    EXPECT_EQ(got[static_cast<std::size_t>(self)],
              std::vector<float>(3, static_cast<float>((self + kSize - 1) % kSize)));
  EXPECT_EQ(all.numbers_sent(), 12u);
}

}  // namespace
}  // namespace delstep
