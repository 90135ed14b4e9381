#include "console/commands/command_log.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

CommandEntry CommandOf(std::uint64_t cycle) {
  return {.cycle = cycle, .ok = true, .text = "train"};
}

ResultEntry ResultOf(std::uint64_t cycle) {
  return {.cycle = cycle, .node = "10.0.0.1", .scope = "local", .loss = 0, .accuracy = 0};
}

std::uint64_t CycleOf(const LogEntry& entry) {
  return std::visit([](const auto& each) { return each.cycle; }, entry);
}

TEST(CommandLog, KeepsTheNewestCommandsAndCountsTheOthers) {
  CommandLog log(100, 100);
  for (std::uint64_t i = 0; i < 1000; ++i) log.Add(CommandOf(i));
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
    log.Add(ResultOf(i));
    for (int k = 0; k < 50; ++k) log.Add(CommandOf(i));
  }
  EXPECT_EQ(log.dropped_results(), 0u);
  std::uint64_t next = 0;
  for (const LogEntry& entry : log.entries())
    if (std::holds_alternative<ResultEntry>(entry)) {
      EXPECT_EQ(CycleOf(entry), next);
      ++next;
    }
  EXPECT_EQ(next, 100u);
}

TEST(CommandLog, IsSavedAsItWasAtAnEarlierTime) {
  CommandLog log(100, 100);
  for (std::uint64_t i = 0; i < 300; ++i) log.Add(CommandOf(i));
  log.Add(ResultOf(300));
  const std::uint64_t then = log.added();
  EXPECT_EQ(then, 301u);
  const CommandLog before = log;
  log.Add(CommandOf(301));
  ByteWriter writer;
  log.Save(writer, then);
  const std::string bytes = writer.Take();
  CommandLog loaded(100, 100);
  ByteReader reader(bytes);
  loaded.Load(reader);
  EXPECT_TRUE(reader.AtEnd());
  ASSERT_EQ(loaded.entries().size(), before.entries().size());
  for (std::size_t i = 0; i < before.entries().size(); ++i)
    EXPECT_EQ(FormatLogEntry(loaded.entries()[i]), FormatLogEntry(before.entries()[i]));
  EXPECT_EQ(loaded.dropped_commands(), before.dropped_commands());
  // It goes on counting and dropping as the other one.
  CommandLog other = before;
  for (std::uint64_t i = 0; i < 60; ++i) {
    loaded.Add(CommandOf(i));
    other.Add(CommandOf(i));
  }
  EXPECT_EQ(loaded.dropped_commands(), other.dropped_commands());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader cut(std::string_view(bytes).substr(0, size));
    CommandLog none;
    none.Load(cut);
    EXPECT_FALSE(cut.AtEnd()) << size;
  }
}

}  // namespace
}  // namespace delstep
