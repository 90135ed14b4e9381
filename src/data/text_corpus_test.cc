#include "data/text_corpus.h"

#include <gmock/gmock.h>

#include "data/idx_test_files.h"
#include "delstep/scenario.h"

namespace delstep {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

std::vector<std::string> Tokens(std::string_view text, const std::string& unit) {
  TokenCounts counts;
  const auto tokens = TokensOf(text, "a.txt", unit, counts);
  EXPECT_TRUE(tokens.ok()) << tokens.error().message;
  std::vector<std::string> texts;
  if (tokens.ok())
    for (const std::uint32_t token : *tokens) texts.push_back(counts.text(token));
  return texts;
}

std::string TokenError(std::string_view text) {
  TokenCounts counts;
  const auto tokens = TokensOf(text, "a.txt", "char", counts);
  EXPECT_FALSE(tokens.ok());
  if (tokens.ok()) return {};
  EXPECT_EQ(tokens.error().code, ErrorCode::kFile);
  return tokens.error().message;
}

TEST(TextTokens, AreCodePointsInOrder) {
  EXPECT_THAT(Tokens("a \u00E4\u4E2D\U0001F600a", "char"),
              ElementsAre("a", " ", "\u00E4", "\u4E2D", "\U0001F600", "a"));
}

TEST(TextTokens, KnowAllLineEndsAndNoByteOrderMark) {
  EXPECT_THAT(Tokens("\xEF\xBB\xBF"
                     "a\r\nb\rc\n",
                     "char"),
              ElementsAre("a", "\n", "b", "\n", "c", "\n"));
}

TEST(TextTokens, AreWordsInLowerCaseWithoutPunctuation) {
  EXPECT_THAT(Tokens("Don't \u2018stop\u2019, he said: 'No. 2!'", "word"),
              ElementsAre("don't", "stop", "he", "said", "no", "2"));
  EXPECT_THAT(Tokens("it\u2019s rock'n'roll o''clock", "word"),
              ElementsAre("it's", "rock'n'roll", "o", "clock"));
}

TEST(TextTokens, AreWordsOfOtherAlphabetsToo) {
  EXPECT_THAT(Tokens("\u00C4pfel, \u00DCber\u2014Stra\u00DFe", "word"),
              ElementsAre("\u00E4pfel", "\u00FCber", "stra\u00DFe"));
  EXPECT_THAT(Tokens("\u0416\u0423\u041A \u0401\u0436 \u0391\u03A9", "word"),
              ElementsAre("\u0436\u0443\u043A", "\u0451\u0436", "\u03B1\u03C9"));
  EXPECT_THAT(Tokens("\u4F60\u597D\uFF0C\u4E16\u754C\u3002", "word"),
              ElementsAre("\u4F60\u597D", "\u4E16\u754C"));
  // Armenian, Georgian and Turkish; a mark belongs to its letter, in Hindi too.
  EXPECT_THAT(Tokens("\u0535\u0580\u0587\u0561\u0576 \u1C97\u1C91 \u0130zmir\u2019de", "word"),
              ElementsAre("\u0565\u0580\u0587\u0561\u0576", "\u10D7\u10D1", "izmir'de"));
  EXPECT_THAT(Tokens("A\u0308pfel \u0939\u093F\u0928\u094D\u0926\u0940\u0964", "word"),
              ElementsAre("a\u0308pfel", "\u0939\u093F\u0928\u094D\u0926\u0940"));
}

TEST(TextTokens, OfWordsHoldNoSymbols) {
  EXPECT_THAT(Tokens("good\U0001F600job \u20AC5 x\u00B2 a_b \u00BFque\u0301?", "word"),
              ElementsAre("good", "job", "5", "x", "a", "b", "que\u0301"));
}

TEST(TextTokens, RefuseWhatIsNoUtf8AndNameTheByte) {
  EXPECT_EQ(TokenError("abc\xE4"
                       "de"),
            "'a.txt', byte 3: 0xe4 is no UTF-8");
  EXPECT_EQ(TokenError("\xEF\xBB\xBFx\xC3"), "'a.txt', byte 4: 0xc3 is no UTF-8");  // cut short
  EXPECT_THAT(TokenError(std::string_view("a\0b\0", 4)), HasSubstr("is in UTF-16"));
  EXPECT_THAT(TokenError(std::string_view("abc\0d", 5)), HasSubstr("byte 3: a byte 0"));
  EXPECT_THAT(Tokens("\uFFFD", "char"), ElementsAre("\uFFFD"));  // valid, if odd
}

class TextCorpus : public testing::Test {
 protected:
  TextCorpus() {
    options.path = folder.path().string();
    options.sequence = 3;
    options.stride = 2;
  }
  std::filesystem::path Write(const std::string& name, const std::string& text) {
    return folder.Write(name, Content(text.begin(), text.end()));
  }
  LoadedData Loaded() {
    auto loaded = ReadText(options);
    EXPECT_TRUE(loaded.ok()) << loaded.error().message;
    return loaded.ok() ? *std::move(loaded) : LoadedData();
  }
  Error Refusal() {
    const auto loaded = ReadText(options);
    EXPECT_FALSE(loaded.ok());
    return loaded.ok() ? Error() : loaded.error();
  }

  TestFolder folder;
  DataOptions options;
};

TEST_F(TextCorpus, CutsEachFileIntoSequencesAndTheirNextTokens) {
  Write("b.txt", "bbba");
  Write("a.txt", "aaabab");
  Write("notes.md", "not a part of it");
  const LoadedData loaded = Loaded();
  // a 5, b 5: equally frequent, so a = 1, b = 2. a.txt is 1 1 1 2 1 2: examples begin at 0 and 2
  // (the one at 4 would have no label); b.txt is 2 2 2 1.
  EXPECT_THAT(loaded.class_names, ElementsAre("<unk>", "a", "b"));
  EXPECT_THAT(loaded.dataset.bytes, ElementsAre(1, 1, 1, /**/ 1, 2, 1, /**/ 2, 2, 2));
  EXPECT_THAT(loaded.dataset.labels, ElementsAre(2, 2, 1));
  EXPECT_THAT(loaded.dataset.example_shape, ElementsAre(3));
  EXPECT_EQ(loaded.dataset.tokens, 3);
  EXPECT_EQ(loaded.dataset.classes, 3);
  EXPECT_EQ(loaded.dataset.scale, 1);
  EXPECT_EQ(loaded.dataset.shift, 0);
  EXPECT_THAT(loaded.sources, ElementsAre(0, 0, 1));
  EXPECT_THAT(loaded.source_names, ElementsAre("a", "b"));
  EXPECT_THAT(loaded.files, ElementsAre(EndsWith("a.txt"), EndsWith("b.txt")));
  EXPECT_EQ(loaded.train_examples, 3u);
}

TEST_F(TextCorpus, KeepsAsManyTokensAsTheVocabularyMayHave) {
  Write("a.txt", "one two two three three three two");
  options.unit = "word";
  options.vocabulary = 2;
  options.stride = 100;
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.class_names, ElementsAre("<unk>", "three", "two"));  // 3 each
  EXPECT_THAT(loaded.dataset.bytes, ElementsAre(0, 2, 2));
  EXPECT_THAT(loaded.dataset.labels, ElementsAre(1));
}

TEST_F(TextCorpus, StoresMoreThan256IdsAsFloats) {
  std::string text;
  for (int i = 0; i < 256; ++i) text += std::to_string(1000 + i) + ' ';
  Write("a.txt", text);
  options.unit = "word";
  options.vocabulary = 255;
  EXPECT_EQ(Loaded().dataset.bytes.size(), 3 * 127u);  // 256 ids; examples begin at 0, 2 ... 252
  options.vocabulary = 256;
  const LoadedData loaded = Loaded();
  EXPECT_TRUE(loaded.dataset.bytes.empty());
  EXPECT_THAT(loaded.dataset.floats.first(3), ElementsAre(1, 2, 3));
  EXPECT_EQ(loaded.dataset.floats.back(), 255);  // the example at 252; its label is 256
  EXPECT_EQ(loaded.dataset.labels.back(), 256);
}

TEST_F(TextCorpus, ReadsOneFileOfAnyName) {
  options.path = Write("hamlet", "to be").string();
  const LoadedData loaded = Loaded();
  EXPECT_THAT(loaded.source_names, ElementsAre("hamlet"));
  EXPECT_EQ(loaded.dataset.size(), 1u);
}

TEST_F(TextCorpus, RefusesAFileWithoutAnExample) {
  Write("a.txt", "aaaa");
  Write("b.txt", "bbb");
  Write("c.txt", "c");
  EXPECT_THAT(Refusal().message,
              EndsWith("b.txt' holds 3 chars, an example and its label need 4 (data.sequence + 1); "
                       "too short is also 1 other file"));
  std::filesystem::remove(folder.path() / "c.txt");
  EXPECT_THAT(Refusal().message, EndsWith("need 4 (data.sequence + 1)"));
}

TEST_F(TextCorpus, SaysWhatIsWrongWithAPath) {
  EXPECT_THAT(Refusal().message, EndsWith("' holds no .txt file"));
  options.path = (folder.path() / "none.txt").string();
  EXPECT_THAT(Refusal().message, HasSubstr("none.txt': No such file"));
  options.path.clear();
  EXPECT_EQ(Refusal().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace delstep
