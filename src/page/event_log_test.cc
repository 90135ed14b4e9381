#include "page/event_log.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

using Kind = EventLog::Kind;

/// Lines "0", "1", ...
void Fill(EventLog& log, int lines) {
  for (int i = 0; i < lines; ++i) log.AppendLine(std::to_string(i), Kind::kOther, i);
}

TEST(EventLog, NumbersLinesFromZero) {
  EventLog log;
  EXPECT_EQ(log.next(), 0u);
  EXPECT_EQ(log.Range({}).list, "[]");
  Fill(log, 3);
  EXPECT_EQ(log.next(), 3u);
  const EventLog::Answer answer = log.Range({.since = 1});
  EXPECT_EQ(answer.first, 1u);
  EXPECT_EQ(answer.next, 3u);
  EXPECT_EQ(answer.list, "[1,2]");
}

TEST(EventLog, GivesAtMostWhatIsAskedForAndSaysWhereToGoOn) {
  EventLog log;
  Fill(log, 5);
  const EventLog::Answer two = log.Range({.since = 0, .events = 2});
  EXPECT_EQ(two.list, "[0,1]");
  EXPECT_EQ(two.next, 2u);
  // "[0,1" has four bytes; a third line would be the fifth.
  EXPECT_EQ(log.Range({.since = 0, .bytes = 4}).list, "[0,1]");
  // One event is given even where it is too long.
  EXPECT_EQ(log.Range({.since = 4, .bytes = 0}).list, "[4]");
}

TEST(EventLog, ForgetsTheOldestBeyondItsLimit) {
  EventLog log(/*most_bytes=*/3);
  Fill(log, 5);  // five bytes; the newest three stay
  EXPECT_EQ(log.oldest(), 2u);
  EXPECT_EQ(log.next(), 5u);
  const EventLog::Answer answer = log.Range({.since = 0});
  EXPECT_EQ(answer.first, 2u);
  EXPECT_EQ(answer.oldest, 2u);
  EXPECT_EQ(answer.list, "[2,3,4]");
}

TEST(EventLog, IsEmptyBeyondItsEnd) {
  EventLog log;
  Fill(log, 2);
  const EventLog::Answer answer = log.Range({.since = 99});
  EXPECT_EQ(answer.first, 2u);
  EXPECT_EQ(answer.next, 2u);
  EXPECT_EQ(answer.list, "[]");
}

TEST(EventLog, SumsSingleMessagesUp) {
  EventLog log;
  log.AppendLine("\"a\"", Kind::kOther, 1);
  log.AppendLine("{}", Kind::kQueued, 2);
  for (const Kind kind :
       {Kind::kSent, Kind::kSent, Kind::kSent, Kind::kDelivered, Kind::kDelivered, Kind::kLost})
    log.AppendLine("{}", kind, 5);
  log.AppendLine("\"b\"", Kind::kOther, 9);
  const EventLog::Answer answer = log.Range({.since = 0, .sums_messages = true});
  EXPECT_EQ(answer.list, R"(["a","b",{"type":"traffic","t":5,"sent":3,"delivered":2,"lost":1}])");
  EXPECT_EQ(answer.next, 9u);
}

/// `moments` moments of `events` events each, the last of which ends it.
void FillMoments(EventLog& log, int moments, int events) {
  for (int i = 0; i < moments * events; ++i)
    log.AppendLine("{}", i % events == events - 1 ? Kind::kMoment : Kind::kOther, i);
}

TEST(EventLog, WhoIsFarBehindGoesOnBehindTheEndOfAMomentCloseToTheNewest) {
  EventLog log;
  FillMoments(log, 100, 8);
  const EventLog::Skip skip{.behind = 200, .whole = 1000};
  EXPECT_EQ(log.SkipFrom(600, skip).next, 600u);  // not further behind than 200
  // Of the newest 20 events, which begin with 780, the first that ends a moment is 783.
  EXPECT_EQ(log.SkipFrom(599, skip).next, 784u);
  EXPECT_EQ(log.SkipFrom(0, skip).next, 784u);
}

TEST(EventLog, WhatOneCommandDidIsToldWholeHoweverMuch) {
  EventLog log;
  FillMoments(log, 10, 8);
  Fill(log, 500);
  const EventLog::Skip skip{.behind = 200, .whole = 1000};
  EXPECT_EQ(log.SkipFrom(0, skip).next, 80u);     // where it began
  EXPECT_EQ(log.SkipFrom(100, skip).next, 100u);  // in the midst of it
  Fill(log, 600);
  EXPECT_EQ(log.SkipFrom(100, skip).next, 1180u);  // but not without end
}

TEST(EventLog, NewNodesAreNeverLeftOut) {
  EventLog log;
  log.AppendLine("1", Kind::kNode, 0);
  FillMoments(log, 10, 8);
  log.AppendLine("2", Kind::kNode, 0);
  FillMoments(log, 10, 8);
  EXPECT_EQ(log.SkipFrom(0, {.behind = 100}).nodes, "[1,2]");
  EXPECT_EQ(log.SkipFrom(1, {.behind = 100}).nodes, "[2]");
  EXPECT_EQ(log.SkipFrom(100, {.behind = 100}).nodes, "[]");
}

TEST(EventLog, WritesEventsAsTheRecordDoes) {
  AddressBook addresses;
  addresses.Add(NodeId{0}, "10.0.0.1");
  EventLog log;
  log.Append({.at = SimTime(Duration(7)), .cycle = 2, .what = NodeWentDown{.node = NodeId{0}}},
             addresses);
  EXPECT_EQ(
      log.Range({}).list,
      R"([{"v":2,"type":"node_went_down","t":7,"cycle":2,"node":"10.0.0.1","planned":false}])");
}

}  // namespace
}  // namespace delstep
