#include "scenario/toml.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace delstep {
namespace {

using ::testing::HasSubstr;

TEST(Toml, EntriesComeInTheOrderWrittenWithTheirPlaces) {
  const auto entries = ReadToml("z = 1\n[b]\n  y = [true, 0.5]\nx = 'w'\n[a]\n", "exp.toml");
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 4u);
  EXPECT_EQ((*entries)[0].key, "z");
  EXPECT_EQ((*entries)[1].key, "b.y");
  EXPECT_EQ((*entries)[1].line, 3u);
  EXPECT_EQ((*entries)[1].column, 3u);
  EXPECT_EQ((*entries)[1].value.items.size(), 2u);
  EXPECT_EQ((*entries)[2].key, "b.x");
  EXPECT_EQ((*entries)[2].value.text, "w");
  EXPECT_EQ((*entries)[3].key, "a");
  EXPECT_EQ((*entries)[3].value.kind, Value::Kind::kOther);
}

TEST(Toml, WrongSyntaxIsAnErrorAtItsPlace) {
  for (const auto& [text, where] : std::vector<std::pair<std::string, std::string>>{
           {"[training]\nlr = \n", "exp.toml:2:6"},
           {"seed = 1\nseed = 2\n", "exp.toml:2:"},
           {"[training\n", "exp.toml:1:10"},
           {"[!training]\n", "exp.toml:1:2"},
           {"[\xc3\xa4]\n", "exp.toml:1:2"},
           {"seed = 1\n\"\xc3\xa4\" = \xc3\xa4\n", "exp.toml:2:7"},
           {"a = 'ok' # \xc3\xa4\nb = \"\xc3\xa4\" \xe2\x80\xa8\n", "exp.toml:2:9"},
           {"a = \"\"\"\\\n \xc3\xa4\"\"\"\n", "exp.toml:2:2"},
           {"a = \"\\\xc3\xa4\"\n", "exp.toml:1:7"},
           {"a = 1'\xc3\xa4'\n", "exp.toml:1:7"},
           {"a = \"\xff\"\n", "exp.toml:1:"},
           {"a = \"\xc3\x28\"\n", "exp.toml:1:"},
           {std::string("a = 1\0", 6), "exp.toml:1:6"}}) {
    const auto entries = ReadToml(text, "exp.toml");
    ASSERT_FALSE(entries) << text;
    EXPECT_EQ(entries.error().code, ErrorCode::kFile);
    EXPECT_THAT(entries.error().where, testing::StartsWith(where)) << text;
    EXPECT_THAT(entries.error().message, HasSubstr("wrong TOML"));
  }
}

TEST(Toml, HostileNestingIsAnErrorNotACrash) {
  const auto repeated = [](std::string_view part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += part;
    return text;
  };
  const std::string dots = repeated("a.", 200'000) + "a";
  for (const std::string& text :
       {"v = " + repeated("[", 200'000), "v = " + repeated("{a=", 200'000), dots + " = 1",
        "[" + dots + "]", "[[" + dots + "]]", "v = {" + dots + " = 1}",
        "s = \"\"\"\"\n\"\"\"\n" + dots + " = 1", "s = '#'\n" + dots + " = 1",
        "s = \"\\\"\"\n" + dots + " = 1", repeated("\"a=\".", 200'000) + "a = 1",
        "v = {a = \"\"\"x\"\"\"\"\", " + dots + " = 1}", repeated("[a]\n", 2) + dots + " = 1"}) {
    const auto entries = ReadToml(text, "exp.toml");
    ASSERT_FALSE(entries) << text.substr(0, 20);
    EXPECT_EQ(entries.error().code, ErrorCode::kFile);
    EXPECT_THAT(entries.error().where, HasSubstr("exp.toml:"));
  }
}

TEST(Toml, CharactersBeyondAsciiMayStandInTextsAndComments) {
  const auto entries = ReadToml("\xef\xbb\xbf# \xc3\xa4\n\"\xc3\xa4\" = '\xc3\xa4' # \xc3\xa4", "");
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->front().key, "\xc3\xa4");
  EXPECT_EQ(entries->front().value.text, "\xc3\xa4");
  EXPECT_EQ(ReadArgument("\xc3\xa4")->text, "\xc3\xa4");
  EXPECT_EQ(ReadArgument("\"\\\\ \xc3\xa4\"")->text, "\\ \xc3\xa4") << "an escaped backslash";
}

TEST(Toml, ManyDotsInValuesAreNoNesting) {
  std::string addresses = "[";
  for (int i = 0; i < 200; ++i) addresses += "\"10.0.0.1\", ";
  EXPECT_TRUE(ReadToml("a = " + addresses + "]  # ...................................", ""));
  EXPECT_TRUE(ReadToml("path = \"" + std::string(200, '.') + "\"", ""));
}

TEST(Toml, AnArgumentIsATomlValueOrABareWord) {
  EXPECT_EQ(ReadArgument("0.01")->kind, Value::Kind::kReal);
  EXPECT_EQ(ReadArgument("1_000")->text, "1000");
  EXPECT_EQ(ReadArgument("true")->kind, Value::Kind::kBool);
  EXPECT_EQ(ReadArgument("ring")->text, "ring");
  EXPECT_EQ(ReadArgument("\"a b\"")->text, "a b");
  EXPECT_EQ(ReadArgument("uniform(10ms,50ms)")->text, "uniform(10ms,50ms)");
  EXPECT_EQ(ReadArgument("a # b")->text, "a # b");
  EXPECT_EQ(ReadArgument("")->text, "");
  EXPECT_EQ(ReadArgument("[64,32]")->items[1].text, "32");
  EXPECT_EQ(ReadArgument("[10.0.0.[1-4], anna]")->items[0].text, "10.0.0.[1-4]");
  EXPECT_EQ(ReadArgument("[10.0.0.[1-4], anna]")->items[1].text, "anna");
  EXPECT_TRUE(ReadArgument("[]")->items.empty());
  EXPECT_EQ(ReadArgument("2024-01-02")->kind, Value::Kind::kText);
  EXPECT_EQ(ReadArgument("1\nx = 2")->text, "1\nx = 2");
}

TEST(Toml, AnArgumentWithAnOpenQuoteOrWrongUtf8IsRefused) {
  EXPECT_FALSE(ReadArgument("\"abc"));
  EXPECT_FALSE(ReadArgument("\"a\" b"));
  EXPECT_FALSE(ReadArgument("\xff"));
  EXPECT_THAT(ReadArgument("\xff").error().message, HasSubstr("UTF-8"));
}

TEST(Toml, EveryTextReadsBackFromItsQuotes) {
  EXPECT_TRUE(rc::check([] {
    const auto codes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 128));
    const std::string text(codes.begin(), codes.end());
    const auto entries = ReadToml(TomlKey(text) + " = " + Quoted(text), "");
    RC_ASSERT(entries.ok());
    RC_ASSERT(entries->front().value.text == text);
    RC_ASSERT(entries->front().key == text);
  }));
}

TEST(Toml, ALongValueIsCutInMessages) {
  EXPECT_EQ(Shown({Value::Kind::kText, "abc"}), "'abc'");
  const std::string cut(59, 'x');
  EXPECT_EQ(Shown({Value::Kind::kText, cut + "ä and more"}), fmt::format("'{}…", cut));
}

}  // namespace
}  // namespace delstep
