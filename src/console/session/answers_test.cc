#include "console/session/answers.h"

#include <atomic>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::IsEmpty;

class AnswersTest : public SessionTest {
 protected:
  AnswersTest() { Open({.json = true}); }

  std::vector<json> Said() {
    std::vector<json> objects;
    std::size_t begin = 0;
    for (std::size_t end; (end = out_.find('\n', begin)) != std::string::npos; begin = end + 1)
      objects.push_back(json::parse(out_.substr(begin, end - begin)));
    out_.clear();
    return objects;
  }
  /// "cycle", "repeat/2" with two parts, "!" behind what failed, "." behind the last of a request.
  std::vector<std::string> Order() {
    std::vector<std::string> order;
    for (const json& object : Said()) {
      const std::string command = object["cmd"];
      order.push_back(command.substr(0, command.find(' ')));
      if (object.contains("parts")) order.back() += "/" + object["parts"].dump();
      if (!object["ok"]) order.back() += "!" + object["error"]["code"].dump();
      if (object.contains("done")) order.back() += ".";
    }
    return order;
  }
};

TEST_F(AnswersTest, RepeatsAnswerBehindTheirParts) {
  session_->RunText("repeat 2 { repeat 2 cycle }; cycle", "-c");
  EXPECT_THAT(Order(), ElementsAre("cycle", "cycle", "repeat/2", "cycle", "cycle", "repeat/2",
                                   "repeat/6", "cycle"));
}

TEST_F(AnswersTest, EmptyRepeatsAndScriptsHaveNoParts) {
  session_->RunRequest("1", "repeat 0 cycle; load \"" + Write("empty.del", "# nothing") + "\"");
  EXPECT_THAT(Order(), ElementsAre("repeat/0", "load/0."));
}

TEST_F(AnswersTest, AnErrorInsideFailsWhatItLiesIn) {
  EXPECT_TRUE(session_->RunRequest("1", "cycle; repeat 3 { repeat 2 { cycle; bogus } }; cycle"));
  EXPECT_THAT(Order(), ElementsAre("cycle", "cycle", "bogus!2", "repeat/2!2", "repeat/3!2."));
  EXPECT_EQ(session_->exit_code(), 0);
  EXPECT_THAT(err_, IsEmpty());
}

TEST_F(AnswersTest, WithKeepGoingARepeatCountsThePartsThatFailed) {
  Open({.keep_going = true, .json = true});
  session_->RunText("repeat 3 { bogus; cycle }", "-c");
  const json last = Said().back();
  EXPECT_TRUE(last["ok"]);
  EXPECT_EQ(last["parts"], 6);
  EXPECT_EQ(last["result"]["failed"], 3);
}

TEST_F(AnswersTest, AStopIsAnsweredByAllThatWereBegun) {
  session_->ObserveCommands([this](const Session::CommandRecord& record) {
    if (record.text == "cycle") session_->RequestStop(ErrorCode::kInterrupted);
  });
  EXPECT_TRUE(session_->RunRequest("1", "repeat 2 { cycle; train }; cycle"));
  EXPECT_THAT(Order(), ElementsAre("cycle", "train!130", "repeat/2!130."));
  session_->ForgetInterrupt();
  EXPECT_TRUE(session_->RunRequest("2", "status"));
  EXPECT_THAT(Order(), ElementsAre("status."));
}

TEST_F(AnswersTest, ExitIsAnsweredAndSoIsWhatItLiesIn) {
  EXPECT_FALSE(session_->RunRequest("1", "repeat 2 { exit }; cycle"));
  EXPECT_THAT(Order(), ElementsAre("exit", "repeat/1."));
}

TEST_F(AnswersTest, OnlyAnErrorThatEndsTheSessionIsFatal) {
  EXPECT_FALSE(session_->RunText("repeat 2 { bogus }", "-c"));
  for (const json& object : Said()) EXPECT_TRUE(object["fatal"]) << object;
  Open({.keep_going = true, .json = true});
  EXPECT_TRUE(session_->RunText("bogus", "-c"));
  EXPECT_FALSE(Said()[0].contains("fatal"));
}

TEST_F(AnswersTest, TheCycleIsThatInWhichTheCommandBegan) {
  session_->RunText("cycle; repeat 2 cycle", "-c");
  std::vector<int> cycles;
  for (const json& object : Said()) cycles.push_back(object["cycle"]);
  EXPECT_THAT(cycles, ElementsAre(0, 1, 2, 1));
}

TEST_F(AnswersTest, NumbersGoOn) {
  session_->RunText("cycle; cycle", "-c");
  session_->RunRequest("\"a\"", "");
  const auto said = Said();
  EXPECT_EQ(said[2]["n"], 3);
  EXPECT_EQ(said[2]["id"], "a");
  EXPECT_EQ(said[2]["cmd"], "");
}

// The thread that tells of progress may have been about to, when the last answer came.
TEST(JsonStream, NoProgressComesBehindTheLastObjectOfARequest) {
  std::string out;
  JsonStream stream([&](std::string_view line) { out += line; });
  stream.OpenProgress("1");
  stream.PutProgress("1", "{}");
  stream.Put("1", "\"ok\":true", /*done=*/true);
  stream.PutProgress("1", "{}");
  EXPECT_EQ(out,
            "{\"v\":2,\"n\":1,\"id\":1,\"progress\":{}}\n"
            "{\"v\":2,\"n\":2,\"id\":1,\"ok\":true,\"done\":true}\n");
  EXPECT_EQ(stream.answers(), 1u);
}

// A command with many answers kept the lock from the thread that answers a cancel, as long as the other
// end read slowly.
TEST(JsonStream, WhoAsksGetsItsTurnThoughAnotherThreadGoesOnAndOn) {
  std::atomic<int> lines = 0;
  JsonStream stream([&](std::string_view) {
    ++lines;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  });
  std::jthread busy([&](std::stop_token stop) {
    while (!stop.stop_requested()) stream.Put("", "\"ok\":true");
  });
  while (lines == 0) std::this_thread::yield();
  int soon = 0;
  for (int i = 0; i < 20; ++i) {
    const int before = lines;
    stream.Put("", "\"ok\":true");
    soon += lines - before <= 4;
  }
  EXPECT_GE(soon, 10) << "of 20, as this thread may sleep before it asks";
}

}  // namespace
}  // namespace delstep
