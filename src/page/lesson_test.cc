#include "page/lesson.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace delstep {
namespace {

Lesson Read(const std::string& text) { return LessonOf(*ParseScript(text, "a.del").script); }

TEST(Lesson, GivesCommentsToTheNextCommand) {
  const Lesson lesson = Read(
      "# title: Gossip in a ring\n"
      "# say: Every node knows its own digits.\n"
      "# say: And nothing else.\n"
      "# note: wait\n"
      "# a comment as always\n"
      "train\n"
      "\n"
      "# ask: Who is best? | ann | ben\n"
      "# scene: time\n"
      "flood; nstep\n");
  EXPECT_EQ(lesson.title, "Gossip in a ring");
  EXPECT_TRUE(lesson.speaks);
  ASSERT_EQ(lesson.steps.size(), 3u);
  EXPECT_EQ(lesson.steps[0].command, "train");
  EXPECT_EQ(lesson.steps[0].line, 6u);
  EXPECT_EQ(lesson.steps[0].say,
            (std::vector<std::string>{"Every node knows its own digits.", "And nothing else."}));
  EXPECT_EQ(lesson.steps[0].note, (std::vector<std::string>{"wait"}));
  EXPECT_FALSE(lesson.steps[0].ask);
  EXPECT_EQ(lesson.steps[1].command, "flood");
  EXPECT_EQ(lesson.steps[1].ask->question, "Who is best?");
  EXPECT_EQ(lesson.steps[1].ask->answers, (std::vector<std::string>{"ann", "ben"}));
  EXPECT_EQ(lesson.steps[1].scene, "time");
  EXPECT_EQ(lesson.steps[2].command, "nstep");
  EXPECT_TRUE(lesson.steps[2].say.empty());
}

TEST(Lesson, TakesABlockAsOneStep) {
  const Lesson lesson = Read("repeat 3 { train; repeat 2 { ag } }\nrepeat 2 flood\n");
  ASSERT_EQ(lesson.steps.size(), 2u);
  EXPECT_EQ(lesson.steps[0].command, "repeat 3 { train; repeat 2 { ag } }");
  EXPECT_EQ(lesson.steps[1].command, "repeat 2 flood");
}

TEST(Lesson, KeepsWhatIsSaidAtTheEnd) {
  const Lesson lesson = Read("train\n# say: That was it.\n");
  ASSERT_EQ(lesson.steps.size(), 2u);
  EXPECT_EQ(lesson.steps[1].command, "");
  EXPECT_EQ(lesson.steps[1].line, 0u);
  EXPECT_EQ(lesson.steps[1].say.front(), "That was it.");
}

TEST(Lesson, IsNoneWithoutACommentThatSpeaks) {
  EXPECT_FALSE(Read("# what follows: training\ntrain\n").speaks);
}

TEST(LessonJson, IsWhatTheProtocolSays) {
  const auto json =
      nlohmann::json::parse(LessonJson(Read("# say: \"Now\"\n# ask: ok? | yes\nag\n"), "a.del"));
  EXPECT_EQ(json["file"], "a.del");
  EXPECT_EQ(json["title"], "a.del");
  EXPECT_EQ(json["steps"],
            nlohmann::json::parse(R"([{"line":3,"cmd":"ag","say":["\"Now\""],"note":[],
    "ask":{"question":"ok?","answers":["yes"]},"scene":null}])"));
}

}  // namespace
}  // namespace delstep
