#include "data/leaf.h"

#include <gmock/gmock.h>

#include <string>
#include <utility>

#include "data/idx_test_files.h"
#include "data/leaf_file.h"
#include "delstep/scenario.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

Result<void> Parse(std::string_view text, LeafContent& content) {
  MemorySource source("a.json", {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return ReadLeafFile(source, content);
}

LeafContent Parsed(std::string_view text) {
  LeafContent content;
  const auto parsed = Parse(text, content);
  EXPECT_TRUE(parsed.ok()) << parsed.error().message;
  return content;
}

std::string ParseError(std::string_view text) {
  LeafContent content;
  const auto parsed = Parse(text, content);
  EXPECT_FALSE(parsed.ok()) << text;
  if (parsed.ok()) return {};
  EXPECT_EQ(parsed.error().code, ErrorCode::kFile);
  return parsed.error().message;
}

/// A file with one user whose examples and labels are these.
std::string OneUser(const std::string& x, const std::string& y) {
  return R"({"user_data": {"ann": {"x": )" + x + R"(, "y": )" + y + "}}}";
}

TEST(LeafFile, SaysWhatToDoAboutEveryFault) {
  const std::string whole = OneUser("[[1]]", "[0]");
  const std::pair<std::string, const char*> files[] = {
      {"[]", "expected a file of LEAF"},
      {R"({"user_data": []})", "expected a file of LEAF"},
      {OneUser("[[1], [2, 3]]", "[0, 1]"), "all of one size"},
      {OneUser("[[1]]", "[0, 1]"), "for each label"},
      {OneUser("[[null]]", "[0]"), "expected a file of LEAF"},
      {OneUser("[[NaN]]", "[0]"), "no NaN"},
      {whole + whole, "one JSON object"},
      {whole + "\n" + whole, "one JSON object"},
      {whole.substr(0, 30), "cut off"}};
  for (const auto& [text, hint] : files) {
    LeafContent content;
    const auto parsed = Parse(text, content);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_THAT(parsed.error().hint, HasSubstr(hint)) << text;
  }
}

TEST(LeafFile, HoldsExamplesOfUsers) {
  const LeafContent content = Parsed(R"({
    "users": ["ann", "bob", "none"], "num_samples": [2, 1, 0], "hierarchies": [{"x": [["a"]]}, []],
    "user_data": {
      "ann": {"x": [[0.5, -1], [2e0, 3]], "y": [1, 0]},
      "bob": {"raw": {"x": "kept out"}, "y": ["7"], "x": [[[4], [5]]]},
      "none": {"x": [], "y": []}}})");
  EXPECT_EQ(content.kind, LeafContent::Kind::kNumbers);
  EXPECT_EQ(content.example_size, 2u);
  EXPECT_THAT(content.values, ElementsAre(0.5f, -1, 2, 3, 4, 5));
  EXPECT_THAT(content.labels, ElementsAre(1, 0, 7));
  EXPECT_THAT(content.sources, ElementsAre(0, 0, 1));
  EXPECT_THAT(content.source_names, ElementsAre("ann", "bob"));
}

TEST(LeafFile, HoldsTextsAndTheirNextCharacters) {
  const LeafContent content = Parsed(OneUser(R"(["abä", "bäa"])", R"(["a", "\n"])"));
  EXPECT_EQ(content.kind, LeafContent::Kind::kText);
  EXPECT_EQ(content.example_size, 3u);
  EXPECT_THAT(content.characters, ElementsAre(0, 1, 2, 1, 2, 0));  // a, b, ä
  EXPECT_THAT(content.labels, ElementsAre(0, 3));                  // a, \n
}

TEST(LeafFile, NamesUserAndPositionOfWhatIsWrong) {
  EXPECT_EQ(ParseError(OneUser("[[1, 2], [3]]", "[0, 0]")),
            "'a.json', user 'ann', x[1]: found 1 number, expected 2 as in the first example");
  EXPECT_EQ(ParseError(OneUser(R"([[1], "b"])", "[0, 0]")),
            "'a.json', user 'ann', x[1]: found a text, expected a list of numbers as before");
  EXPECT_EQ(ParseError(OneUser(R"(["a", [1]])", "[]")),
            "'a.json', user 'ann', x[1]: found a list of numbers, expected a text as before");
  EXPECT_EQ(ParseError(OneUser(R"(["ab", "abc"])", "[]")),
            "'a.json', user 'ann', x[1]: found 3 characters, expected 2 as in the first example");
  EXPECT_EQ(ParseError(OneUser(R"([["good", "morning"]])", "[1]")),
            "'a.json', user 'ann', x[0]: expected a list of numbers only");
  EXPECT_EQ(ParseError(OneUser("[[1], [1e39]]", "[0, 0]")),
            "'a.json', user 'ann', x[1]: 1e+39 is beyond the range of a float");
  EXPECT_EQ(ParseError(OneUser("[[]]", "[0]")), "'a.json', user 'ann', x[0]: an empty example");
  EXPECT_EQ(ParseError(OneUser("[1]", "[0]")),
            "'a.json', user 'ann', x[0]: expected an example: a list of numbers, or a text");
  EXPECT_EQ(ParseError(OneUser("[[1], [null]]", "[0, 0]")),
            "'a.json', user 'ann', x[1]: expected a list of numbers only");
  EXPECT_EQ(ParseError(OneUser("[[[[[[[[[[[1]]]]]]]]]]]", "[0]")),
            "'a.json', user 'ann', x[0]: too many lists in lists");
}

TEST(LeafFile, RefusesLabelsThatAreNoClasses) {
  EXPECT_EQ(ParseError(OneUser("[[1], [1]]", "[0, 0.5]")),
            "'a.json', user 'ann', y[1]: label 0.5: expected a whole number, 0 to 999999");
  EXPECT_THAT(ParseError(OneUser("[[1]]", "[-1]")), HasSubstr("y[0]: label -1: expected"));
  EXPECT_THAT(ParseError(OneUser("[[1]]", "[1000000]")), HasSubstr("label 1000000: expected"));
  EXPECT_THAT(ParseError(OneUser("[[1]]", R"(["cat"])")), HasSubstr("label 'cat': expected"));
  EXPECT_THAT(ParseError(OneUser("[[1]]", "[[1]]")), HasSubstr("y[0]: expected a label"));
  EXPECT_THAT(ParseError(OneUser("[[1], [1]]", R"([1, "2"])")), HasSubstr("all numbers or all"));
  EXPECT_THAT(ParseError(OneUser("[[1], [1]]", "[1]")),
              EndsWith(R"(user 'ann': 2 examples in "x", but 1 label in "y")"));
  EXPECT_THAT(ParseError(OneUser(R"(["ab"])", R"(["cd"])")), HasSubstr("label 'cd': expected the"));
  EXPECT_THAT(ParseError(OneUser(R"(["1.jpg"])", "[1]")), HasSubstr("\"y\" holds numbers"));
  EXPECT_EQ(Parsed(OneUser("[[1]]", "[2.0]")).labels[0], 2);
}

TEST(LeafFile, RefusesAnotherStructure) {
  EXPECT_EQ(ParseError("[]"), "'a.json': expected an object with \"user_data\"");
  EXPECT_EQ(ParseError("{}"), "'a.json' has no \"user_data\"");
  EXPECT_EQ(ParseError(R"({"user_data": []})"), "'a.json': \"user_data\" must be an object");
  EXPECT_EQ(ParseError(R"({"user_data": {"ann": 1}})"),
            "'a.json', user 'ann': expected an object with \"x\" and \"y\"");
  EXPECT_EQ(ParseError(R"({"user_data": {"ann": {"y": {}}}})"),
            "'a.json', user 'ann': \"y\" must be a list");
  EXPECT_EQ(ParseError(R"({"user_data": {]})"),
            R"('a.json', byte 16: not valid JSON, at '"user_data": {]')");
  EXPECT_THAT(ParseError("{} {}"), HasSubstr("not valid JSON"));
}

TEST(LeafFile, NoticesWhereverItIsCutOff) {
  const std::string text = OneUser("[[1, 2], [3, 4]]", "[0, 1]");
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_THAT(ParseError(text.substr(0, size)), EndsWith(": the JSON ends early")) << size;
}

class Leaf : public testing::Test {
 protected:
  Leaf() { options.path = folder.path().string(); }
  void Write(const std::string& name, const std::string& text) {
    folder.Write(name, Content(text.begin(), text.end()));
  }
  LoadedData Loaded() {
    auto loaded = ReadLeaf(options);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return loaded.ok() ? *std::move(loaded) : LoadedData();
  }

  TestFolder folder;
  DataOptions options;
};

constexpr const char* kFirst = R"({"user_data": {"ann": {"x": [[1]], "y": [0]},
                                                 "bob": {"x": [[2]], "y": [2]}}})";
constexpr const char* kSecond = R"({"user_data": {"eve": {"x": [[3]], "y": [4]},
                                                  "ann": {"x": [[4], [5]], "y": [1, 0]}}})";

TEST_F(Leaf, JoinsTheFilesOfAFolderInOrderOfTheirNames) {
  Write("b.json", kSecond);
  Write("a.json", kFirst);
  Write(".c.json", "not read");
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.dataset.floats, ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(loaded.dataset.labels, ElementsAre(0, 2, 4, 1, 0));
  EXPECT_EQ(loaded.dataset.classes, 5);
  EXPECT_THAT(loaded.dataset.example_shape, ElementsAre(1));
  EXPECT_THAT(loaded.source_names, ElementsAre("ann", "bob", "eve"));
  EXPECT_THAT(loaded.sources, ElementsAre(0, 1, 2, 0, 0));
  EXPECT_EQ(loaded.train_examples, 5u);
  EXPECT_THAT(loaded.files, ElementsAre(EndsWith("a.json"), EndsWith("b.json")));
}

TEST_F(Leaf, KnowsTheOfficialSplitOfTrainAndTestFolders) {
  for (const std::string below : {"", "data/"}) {
    Write(below + "train/all_data_train.json", kFirst);
    Write(below + "test/all_data_test.json", kSecond);
    const LoadedData loaded = Loaded();
    EXPECT_EQ(loaded.train_examples, 2u);
    EXPECT_EQ(loaded.dataset.size(), 5u);
    EXPECT_THAT(loaded.sources, ElementsAre(0, 1, 2, 0, 0));
  }
}

TEST_F(Leaf, TakesExamplesOf784NumbersForPictures) {
  std::string example = "[[0";
  for (int i = 1; i < 784; ++i) example += ", 1.0";
  Write("a.json", OneUser(example + "]]", "[3]"));
  EXPECT_THAT(Loaded().dataset.example_shape, ElementsAre(1, 28, 28));
}

TEST_F(Leaf, TurnsCharactersIntoIds) {
  Write("a.json", OneUser(R"(["aab", "bac"])", R"(["a", "a"])"));
  options.vocabulary = 2;
  const LoadedData loaded = Loaded();
  // a occurs 5 times, b twice, c once.
  EXPECT_THAT(loaded.class_names, ElementsAre("<unk>", "a", "b"));
  EXPECT_THAT(loaded.dataset.bytes, ElementsAre(1, 1, 2, 2, 1, 0));
  EXPECT_THAT(loaded.dataset.labels, ElementsAre(1, 1));
  EXPECT_EQ(loaded.dataset.tokens, 3);
  EXPECT_EQ(loaded.name, "leaf");
}

// "X" and "Y" were passed over, and the message said that "user_data" was empty.
TEST(LeafFile, NamesWhatAUserHasInPlaceOfXAndY) {
  EXPECT_THAT(ParseError(R"({"user_data": {"ann": {"X": [[1]], "Y": [0]}}})"),
              EndsWith(R"(user 'ann': neither "x" nor "y", but "X", "Y")"));
  EXPECT_TRUE(Parsed(R"({"user_data": {"ann": {}, "ben": {"x": [], "y": []}}})").labels.empty());
}

TEST_F(Leaf, RefusesAnEmptyDataSet) {
  Write("a.json", R"({"user_data": {}})");
  const auto loaded = ReadLeaf(options);
  ASSERT_FALSE(loaded.ok());
  EXPECT_THAT(loaded.error().message, EndsWith("' holds no example"));
  options.path.clear();
  EXPECT_EQ(ReadLeaf(options).error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace delstep
