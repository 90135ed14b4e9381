#include "network/remote/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <variant>

namespace delstep::remote {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

std::string LineOf(const Change& change) {
  std::string line;
  AppendLine(line, change);
  return line;
}

TEST(Protocol, WritesALineForEachChange) {
  const LinkProperties link{
      .loss = 0.01, .latency = {Latency::Kind::kConstant, 20ms, {}}, .bandwidth = 1e7};
  EXPECT_EQ(LineOf(Attached{NodeId{3}}), "{\"do\":\"attach\",\"node\":3}\n");
  EXPECT_EQ(LineOf(Detached{NodeId{3}}), "{\"do\":\"detach\",\"node\":3}\n");
  EXPECT_EQ(LineOf(Switched{NodeId{3}, false}), "{\"do\":\"node\",\"node\":3,\"up\":false}\n");
  EXPECT_EQ(LineOf(DefaultSet{link}),
            "{\"do\":\"default\",\"link\":{\"loss\":0.01,\"latency\":20000000,"
            "\"bandwidth\":10000000,\"up\":true}}\n");
  EXPECT_EQ(LineOf(LinkSet{NodeId{0}, NodeId{1}, {}}),
            "{\"do\":\"link\",\"from\":0,\"to\":1,\"link\":{\"loss\":0,\"latency\":0,"
            "\"bandwidth\":null,\"up\":true}}\n");
  EXPECT_EQ(LineOf(LinkCleared{NodeId{0}, NodeId{1}}), "{\"do\":\"clear\",\"from\":0,\"to\":1}\n");
  EXPECT_EQ(LineOf(CapacitySet{NodeId{2}, 1e6, kNoLimit}),
            "{\"do\":\"capacity\",\"node\":2,\"up\":1000000,\"down\":null}\n");
  EXPECT_EQ(LineOf(Moves{NodeId{2}, {{SimTime{1ns}, 1, 2, SimTime{5ns}, 3.5, -4}, {}}}),
            "{\"do\":\"legs\",\"node\":2,\"legs\":[[1,1,2,5,3.5,-4],[0,0,0,0,0,0]]}\n");
  EXPECT_EQ(LineOf(Sent{{MessageId{5}, NodeId{0}, NodeId{1}, 101'800}}),
            "{\"do\":\"send\",\"id\":5,\"from\":0,\"to\":1,\"bytes\":101800}\n");
  EXPECT_EQ(LineOf(Withdrawn{{MessageId{5}, MessageId{6}}}),
            "{\"do\":\"withdraw\",\"ids\":[5,6]}\n");
  EXPECT_EQ(LineOf(Passed{SimTime{7ns}}), "{\"do\":\"advance\",\"to\":7}\n");
  EXPECT_EQ(NextLine(SimTime{7ns}), "{\"do\":\"next\",\"limit\":7}\n");
  EXPECT_EQ(DrainLine({}), "{\"do\":\"drain\",\"until\":[]}\n");
  EXPECT_EQ(BeginLine("ns3", 1, {}, "{\"mtu\":1500}"),
            "{\"do\":\"begin\",\"protocol\":1,\"backend\":\"ns3\",\"seed\":1,\"link\":{\"loss\":0,"
            "\"latency\":0,\"bandwidth\":null,\"up\":true},\"options\":{\"mtu\":1500}}\n");
}

TEST(Protocol, WritesALatencyThatIsDrawnWithItsKind) {
  EXPECT_THAT(LineOf(DefaultSet{{.latency = {Latency::Kind::kUniform, 1ns, 9ns}}}),
              HasSubstr(R"("latency":{"kind":"uniform","a":1,"b":9})"));
}

TEST(Protocol, ReadsEachKindOfAnswer) {
  EXPECT_EQ(std::get<Hello>(*ReadAnswer(R"({"hello":1,"version":"ns-3 3.37"})", 0)).version,
            "ns-3 3.37");
  EXPECT_EQ(std::get<Alive>(*ReadAnswer(R"({"alive":12})", 0)).now, SimTime{12ns});
  EXPECT_EQ(std::get<Forked>(*ReadAnswer(R"({"forked":4711})", 0)).process, 4711);
  EXPECT_EQ(std::get<Forked>(*ReadAnswer(R"({"forked":null,"why":"no memory"})", 0)).process, 0);
  const auto failed = std::get<Failed>(*ReadAnswer(R"({"error":"no","hint":"ask again"})", 0));
  EXPECT_EQ(failed.error, "no");
  EXPECT_EQ(failed.hint, "ask again");
  const auto passing =
      std::get<Passing>(*ReadAnswer(R"({"now":30,"ended":[[5,10,20,""],[6,11,30,"expired"]]})", 2));
  EXPECT_EQ(passing.now, SimTime{30ns});
  ASSERT_EQ(passing.ended.size(), 2u);
  EXPECT_EQ(passing.ended[0].message, MessageId{5});
  EXPECT_EQ(passing.ended[0].sent, SimTime{10ns});
  EXPECT_EQ(passing.ended[0].at, SimTime{20ns});
  EXPECT_FALSE(passing.ended[0].lost);
  EXPECT_EQ(passing.ended[1].lost, LossReason::kExpired);
}

TEST(Protocol, PassesOverSimpleMembersThatItDoesNotKnow) {
  EXPECT_TRUE(ReadAnswer(R"({"hello":1,"version":"x","netem":false,"kernel":"6.1","n":1.5})", 0));
}

TEST(Protocol, TakesNothingElseForAnAnswer) {
  for (const char* line : {
           "",
           "Segmentation fault",
           "5",
           "null",
           "true",
           "[]",
           "\"text\"",
           "{}",
           "{",
           "{\"now\":1,\"ended\":[]} {}",
           R"({"now":1})",
           R"({"ended":[]})",
           R"({"now":-1,"ended":[]})",
           R"({"now":1.5,"ended":[]})",
           R"({"now":"1","ended":[]})",
           R"({"now":null,"ended":[]})",
           R"({"now":9223372036854775808,"ended":[]})",
           R"({"now":99999999999999999999999,"ended":[]})",
           R"({"now":1,"now":2,"ended":[]})",
           R"({"now":1,"ended":[],"ended":[]})",
           R"({"now":1,"ended":{}})",
           R"({"now":1,"ended":[5]})",
           R"({"now":1,"ended":["a"]})",
           R"({"now":1,"ended":[[]]})",
           R"({"now":1,"ended":[[1,0,0]]})",
           R"({"now":1,"ended":[[1,0,0,"",""]]})",
           R"({"now":1,"ended":[[1,0,0,0]]})",
           R"({"now":1,"ended":[[1,0,"",0]]})",
           R"({"now":1,"ended":[[1,0,0,"","x"]]})",
           R"({"now":1,"ended":[[1,0,[0],""]]})",
           R"({"now":1,"ended":[[1,0,0,true]]})",
           R"({"now":1,"ended":[[1,0,0,"gone"]]})",
           R"({"now":1,"ended":[[1,0,0,"dropped"]]})",  // no network ends a message so
           R"({"now":1,"ended":[[1,0,18446744073709551615,""]]})",
           R"({"now":1,"ended":[[1,0,0,""]],"hello":1,"version":"x"})",
           R"({"hello":2,"version":"x"})",
           R"({"hello":1})",
           R"({"alive":null})",
           R"({"forked":4294967297})",
           R"({"error":5})",
           R"({"other":{}})",
           R"({"other":[]})",
           "{\"error\":\"\xff\"}",
       }) {
    const auto answer = ReadAnswer(line, 1);
    ASSERT_FALSE(answer) << line;
    EXPECT_EQ(answer.error().code, ErrorCode::kUnavailable);
  }
}

TEST(Protocol, ReadsNoMoreRowsThanMessagesAreOnTheWay) {
  const char* line = R"({"now":1,"ended":[[1,0,0,""],[2,0,0,""]]})";
  EXPECT_TRUE(ReadAnswer(line, 2));
  EXPECT_FALSE(ReadAnswer(line, 1));
}

TEST(Protocol, QuotesTheBeginningOfWhatItCannotRead) {
  EXPECT_EQ(Quoted("a\"b\n\x01"), R"("a\"b\n\u0001")");
  EXPECT_EQ(Quoted(std::string(1000, 'x')), '"' + std::string(80, 'x') + "\"...");
  EXPECT_THAT(ReadAnswer("Segmentation fault", 0).error().message,
              HasSubstr("\"Segmentation fault\""));
}

}  // namespace
}  // namespace delstep::remote
