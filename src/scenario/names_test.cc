#include "scenario/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/shortened.h"

namespace delstep {
namespace {

using ::testing::HasSubstr;

TEST(Names, PlainWordsAreNames) {
  for (const char* name : {"anna", "west-2", "node_7", "a.b", "Ünal", "7up", "trainer"}) {
    EXPECT_TRUE(CheckNodeName(name)) << name;
    EXPECT_TRUE(CheckGroupName(name)) << name;
  }
}

TEST(Names, WordsOfTheLanguageAddressesAndSpecialCharactersAreNot) {
  for (const auto& [name, why] :
       std::vector<std::pair<std::string, std::string>>{{"", "empty"},
                                                        {"all", "word of the command language"},
                                                        {"local", "word of the command language"},
                                                        {"train", "word of the command language"},
                                                        {"10.0.0.1", "address"},
                                                        {"10.0.0.999", "address"},
                                                        {"12", "number"},
                                                        {"20ms", "duration"},
                                                        {"@west", "blanks or one of"},
                                                        {"a b", "blanks or one of"},
                                                        {"a\tb", "blanks or one of"},
                                                        {"a;b", "blanks or one of"},
                                                        {"#a", "blanks or one of"},
                                                        {"a[1]", "blanks or one of"},
                                                        {"a{", "blanks or one of"},
                                                        {"a\"", "blanks or one of"},
                                                        {"-a", "begins with '-'"},
                                                        {std::string(65, 'a'), "longer than 64"}}) {
    const auto checked = CheckNodeName(name);
    ASSERT_FALSE(checked) << name;
    EXPECT_EQ(checked.error().code, ErrorCode::kUsage);
    EXPECT_THAT(checked.error().message, HasSubstr("'" + Shortened(name, 80) + "'"));
    EXPECT_THAT(checked.error().message, HasSubstr(why));
    EXPECT_FALSE(CheckGroupName(name)) << name;
  }
}

TEST(Names, ANameIsValidUtf8) {
  const auto checked = CheckNodeName("a\xff");
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message, "the name of a node is not valid UTF-8");
}

TEST(Names, WordsOfTheGroupCommandAreNoGroups) {
  for (const char* name : {"list", "create", "roster", "membership", "add", "remove", "share",
                           "train", "ag", "test", "step"})
    EXPECT_FALSE(CheckGroupName(name)) << name;
  EXPECT_TRUE(CheckNodeName("roster"));
}

}  // namespace
}  // namespace delstep
