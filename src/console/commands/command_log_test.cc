#include "console/commands/command_log.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

std::uint64_t CycleOf(const LogEntry& entry) {
  return std::visit([](const auto& each) { return each.cycle; }, entry);
}

TEST(CommandLog, KeepsTheNewestCommandsAndCountsTheOthers) {
  CommandLog log(100, 100);
  for (std::uint64_t i = 0; i < 1000; ++i) log.Add(CommandEntry{.cycle = i});
  // A hundred, and up to a quarter more before the next pass.
  EXPECT_GE(log.entries().size(), 100u);
  EXPECT_LE(log.entries().size(), 125u);
  EXPECT_EQ(log.entries().size() + log.dropped_commands(), 1000u);
  EXPECT_EQ(CycleOf(log.entries().back()), 999u);
  EXPECT_EQ(CycleOf(log.entries().front()), log.dropped_commands()) << "without gaps";
  EXPECT_EQ(log.dropped_results(), 0u);
}

TEST(CommandLog, ManyCommandsPushNoResultOut) {
  CommandLog log(10, 100);
  for (std::uint64_t i = 0; i < 100; ++i) {
    log.Add(ResultEntry{.cycle = i});
    for (int k = 0; k < 50; ++k) log.Add(CommandEntry{.cycle = i});
  }
  EXPECT_EQ(log.dropped_results(), 0u);
  std::uint64_t next = 0;
  for (const LogEntry& entry : log.entries())
    if (std::holds_alternative<ResultEntry>(entry)) EXPECT_EQ(CycleOf(entry), next++);
  EXPECT_EQ(next, 100u);
}

}  // namespace
}  // namespace delstep
