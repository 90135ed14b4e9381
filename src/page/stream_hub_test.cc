#include "page/stream_hub.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

namespace delstep {
namespace {

TEST(StreamHub, GreetsAndGoesOnWhereAClientWas) {
  EventLog log;
  for (const char* line : {"1", "2", "3"}) log.AppendLine(line, EventLog::Kind::kOther, 0);
  StreamHub hub(log);
  const auto client = hub.Join(1);
  EXPECT_EQ(hub.Next(*client),
            "event: hello\ndata: {\"next_event\":3}\n\n"
            "id: 3\nevent: events\ndata: {\"first\":1,\"next\":3,\"events\":[2,3]}\n\n");
}

TEST(StreamHub, BeginsWithNowWhereNothingIsAskedFor) {
  EventLog log;
  log.AppendLine("1", EventLog::Kind::kOther, 0);
  StreamHub hub(log);
  const auto client = hub.Join({});
  EXPECT_EQ(hub.Next(*client), "event: hello\ndata: {\"next_event\":1}\n\n");
}

TEST(StreamHub, KeepsEveryAnswerButOnlyTheNewestPresent) {
  EventLog log;
  StreamHub hub(log);
  const auto client = hub.Join({});
  hub.Next(*client);
  hub.PutAnswer("1");
  hub.PutPresent("10");
  hub.PutAnswer("2");
  hub.PutPresent("20");
  EXPECT_EQ(hub.Next(*client),
            "event: answer\ndata: 1\n\nevent: answer\ndata: 2\n\nevent: present\ndata: 20\n\n");
}

TEST(StreamHub, TellsWhoeverComesLateThePresentAndTheVotes) {
  EventLog log;
  StreamHub hub(log);
  hub.PutAnswer("1");  // nobody listened
  hub.PutPresent("10");
  hub.PutVotes("20");
  const auto client = hub.Join({});
  EXPECT_EQ(hub.Next(*client),
            "event: hello\ndata: {\"next_event\":0}\n\nevent: present\ndata: 10\n\n"
            "event: votes\ndata: 20\n\n");
}

TEST(StreamHub, DropsAClientForWhichFourMebibytesWaitWhileItWrites) {
  EventLog log;
  StreamHub hub(log);
  const auto slow = hub.Join({});
  hub.Next(*slow);  // it writes from here on
  const std::string mebibyte(1 << 20, 'x');
  for (int i = 0; i < 4; ++i) hub.PutAnswer(mebibyte);
  EXPECT_FALSE(hub.Lags(*slow));  // four are allowed
  hub.PutAnswer("x");
  EXPECT_TRUE(hub.Lags(*slow));
  EXPECT_EQ(hub.Next(*slow), std::nullopt);
}

TEST(StreamHub, EventsDropNobodyTheyWaitInTheLog) {
  EventLog log;
  StreamHub hub(log);
  const auto slow = hub.Join({});
  hub.Next(*slow);
  log.AppendLine(std::string((4 << 20) + 1, 'x'), EventLog::Kind::kOther, 0);
  EXPECT_FALSE(hub.Lags(*slow));
}

TEST(StreamHub, OfALoopOnlyTheNewestAnswersAreKeptAndTheOthersCounted) {
  EventLog log;
  StreamHub hub(log);
  const auto client = hub.Join({});
  hub.Next(*client);
  for (std::size_t i = 0; i < StreamHub::kMostAnswers + 7; ++i) hub.PutAnswer(std::to_string(i));
  const std::string text = hub.Next(*client).value_or("");
  EXPECT_TRUE(text.starts_with(
      "event: missed\ndata: {\"answers\":7}\n\nevent: answer\ndata: 7\n\nevent: answer"))
      << text;
}

TEST(StreamHub, APageThatFallsBehindALoopIsToldLess) {
  EventLog log;
  StreamHub hub(log);
  const auto client = hub.Join(0);
  const std::uint64_t events = 3 * EventLog::Skip{}.behind;
  for (std::uint64_t i = 0; i < events; ++i)
    log.AppendLine("{}", i % 2 == 0 ? EventLog::Kind::kOther : EventLog::Kind::kMoment, 0);
  const std::string text = hub.Next(*client).value_or("");
  const std::uint64_t next = log.SkipFrom(0, {}).next;
  const std::string missed =
      fmt::format("event: missed\ndata: {{\"events\":{0},\"next\":{0},\"nodes\":[]}}\n\n", next);
  EXPECT_NE(text.find(missed), std::string::npos) << text.substr(0, 200);
  EXPECT_NE(text.find(fmt::format("\"first\":{},\"next\":{},", next, events)), std::string::npos);
}

TEST(StreamHub, OneBatchHasSoManyEventsAtMost) {
  EventLog log;
  StreamHub hub(log);
  const auto client = hub.Join(0);
  for (std::size_t i = 0; i <= StreamHub::kMostEvents; ++i)
    log.AppendLine("{}", EventLog::Kind::kOther, 0);
  const std::string text = hub.Next(*client).value_or("");
  EXPECT_NE(text.find(fmt::format("\"next\":{},\"events\"", StreamHub::kMostEvents)),
            std::string::npos);
}

TEST(StreamHub, WakesAClientThatWaits) {
  EventLog log;
  StreamHub hub(log);
  const auto client = hub.Join({});
  hub.Next(*client);
  std::optional<std::string> got;
  std::thread reader([&] { got = hub.Next(*client); });
  log.AppendLine("1", EventLog::Kind::kOther, 0);
  hub.Wake();
  reader.join();
  EXPECT_EQ(got, "id: 1\nevent: events\ndata: {\"first\":0,\"next\":1,\"events\":[1]}\n\n");
}

TEST(StreamHub, EndsEachStreamOnce) {
  EventLog log;
  StreamHub hub(log);
  const auto client = hub.Join({});
  hub.Next(*client);
  hub.PutAnswer("1");
  hub.Close();
  EXPECT_EQ(hub.Next(*client), "event: answer\ndata: 1\n\nevent: end\ndata: {}\n\n");
  EXPECT_EQ(hub.Next(*client), std::nullopt);
}

TEST(StreamHub, CountsItsClients) {
  EventLog log;
  StreamHub hub(log);
  const auto one = hub.Join({}), other = hub.Join({});
  EXPECT_EQ(hub.clients(), 2u);
  hub.Leave(*one);
  EXPECT_EQ(hub.clients(), 1u);
}

}  // namespace
}  // namespace delstep
