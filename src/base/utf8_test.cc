#include "base/utf8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace delstep {
namespace {

using testing::ElementsAre;

std::vector<char32_t> CodePoints(std::string_view text) {
  std::vector<char32_t> points;
  for (std::size_t at = 0; at < text.size();) points.push_back(NextCodePoint(text, at));
  return points;
}

std::string Utf8(char32_t c) {
  std::string text;
  AppendUtf8(c, text);
  return text;
}

TEST(Utf8, IsReadCodePointByCodePoint) {
  EXPECT_THAT(CodePoints("a\u00E4\u4E2D\U0001F600"), ElementsAre('a', 0xE4, 0x4E2D, 0x1F600));
  EXPECT_THAT(CodePoints(std::string_view("\0b", 2)), ElementsAre(0, 'b'));
}

TEST(Utf8, IsReplacedByteByByteWhereItIsWrong) {
  for (const std::string_view wrong : {
           "\x80",              // a continuation alone
           "\xC3",              // cut short
           "\xC3\x28",          // no continuation
           "\xC1\x81",          // "A" in two bytes
           "\xE0\x9F\xBF",      // U+07FF in three
           "\xF0\x8F\xBF\xBF",  // U+FFFF in four
           "\xED\xA0\x80",      // U+D800, a surrogate
           "\xF4\x90\x80\x80",  // U+110000
           "\xFF",
       }) {
    EXPECT_EQ(CodePointSize(wrong), 0u) << wrong;
    std::size_t at = 0;
    EXPECT_EQ(NextCodePoint(wrong, at), kReplacement) << wrong;
    EXPECT_EQ(at, 1u) << wrong;
  }
  EXPECT_THAT(CodePoints("\xC3\xC3\xA4"), ElementsAre(kReplacement, 0xE4));
  EXPECT_EQ(CodePointSize(""), 0u);
  EXPECT_EQ(CodePointSize("\uFFFD"), 3u);  // a replacement that stands in the text is right
}

TEST(Utf8, IsWrittenAsItIsRead) {
  for (const char32_t c : {0x41u, 0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xFFFFu, 0x10000u, 0x10FFFFu})
    EXPECT_THAT(CodePoints(Utf8(c)), ElementsAre(c));
}

TEST(Utf8, FindsWhereACodePointBegins) {
  const std::string_view text = "a\u4E2D\x80z";  // bytes: a, three of U+4E2D, a stray one, z
  const std::vector<std::size_t> begins = {0, 1, 1, 1, 4, 5, 6};
  for (std::size_t i = 0; i < begins.size(); ++i) EXPECT_EQ(CodePointBegin(text, i), begins[i]);
}

TEST(Words, AreOfLettersMarksAndDigitsOfAnyScript) {
  for (const char32_t c : std::u32string_view(U"aZ09\u00AA\u00DF\u0301\u0561\u0639\u0663\u0939"
                                              U"\u093F\u10D0\u2167\u3007\u30FC\u4E2D\uFF21"))
    EXPECT_TRUE(IsWordCharacter(c)) << Utf8(c);
  for (const char32_t c : std::u32string_view(
           U" _-'@[`{\u00A0\u00AD\u00B2\u00D7\u00F7\u2019\u20AC\u3002\uFF0C\U0001F600"))
    EXPECT_FALSE(IsWordCharacter(c)) << Utf8(c);
}

TEST(LowerCase, IsKnownOfEveryScriptThatHasTwoCases) {
  const struct {
    char32_t capital, small;
  } letters[] = {
      {'A', 'a'},        {'Z', 'z'},       {0xC4, 0xE4},  // Ä ä
      {0x0100, 0x0101},                                   // Ā ā
      {0x0130, 'i'},                                      // the Turkish I with a dot
      {0x0178, 0xFF},                                     // Ÿ ÿ
      {0x03A3, 0x03C3},                                   // Greek
      {0x0401, 0x0451},  {0x0410, 0x0430},                // Cyrillic
      {0x0531, 0x0561},                                   // Armenian
      {0x10A0, 0x2D00},  {0x1C90, 0x10D0},                // Georgian: church, Mtavruli
      {0x1E9E, 0xDF},                                     // ẞ ß
      {0x10400, 0x10428}                                  // Deseret
  };
  for (const auto& letter : letters) {
    EXPECT_EQ(LowerCase(letter.capital), letter.small) << Utf8(letter.capital);
    EXPECT_EQ(LowerCase(letter.small), letter.small) << Utf8(letter.small);
  }
  for (const char32_t c : {U'1', U'@', U'[', U'\u0131', U'\u00D7', U'\u4E2D', U'\U0001F600'})
    EXPECT_EQ(LowerCase(c), c) << Utf8(c);
}

TEST(DisplayWidth, IsTwoForWideCharactersAndNothingForMarks) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("Zürich"), 6u);
  EXPECT_EQ(DisplayWidth("\u4E2D\u6587"), 4u);          // Chinese
  EXPECT_EQ(DisplayWidth("\uD55C\uAE00"), 4u);          // Korean
  EXPECT_EQ(DisplayWidth("\uFF21"), 2u);                // a full-width A
  EXPECT_EQ(DisplayWidth("\U0001F600\u231A"), 4u);      // a smiley, and a watch below U+10000
  EXPECT_EQ(DisplayWidth("\U0001F3F4\u2764"), 3u);      // a flag, and a heart that is narrow
  EXPECT_EQ(DisplayWidth("a\u0308e\u0301"), 2u);        // Latin letters with marks
  EXPECT_EQ(DisplayWidth("\u05D0\u05B0"), 1u);          // Hebrew with a point
  EXPECT_EQ(DisplayWidth("\u0E01\u0E31"), 1u);          // Thai with a vowel above
  EXPECT_EQ(DisplayWidth("a\u200Bb\u200D\uFE0F"), 2u);  // blanks and joiners of no width
  EXPECT_EQ(DisplayWidth("\xFF\xC3"), 2u);              // each byte is shown as U+FFFD
}

TEST(CutToWidth, CutsBeforeTheCharacterThatDoesNotFit) {
  EXPECT_EQ(CutToWidth("abc", 3), "abc");
  EXPECT_EQ(CutToWidth("abcd", 3), "ab…");
  EXPECT_EQ(CutToWidth("\u4E2D\u6587", 4), "\u4E2D\u6587");
  EXPECT_EQ(CutToWidth("\u4E2D\u6587", 3), "\u4E2D…");
  EXPECT_EQ(CutToWidth("\u4E2D\u6587", 2), "…");
}

TEST(WrapText, BreaksBetweenWordsAndNeverInsideOne) {
  EXPECT_EQ(WrapText("one two", 7, 2), "one two");
  EXPECT_EQ(WrapText("one two three", 7, 2), "one two\n  three");
  // The second line has two blanks before its words: "  bb cc" are 7 columns.
  EXPECT_EQ(WrapText("aaaa bb cc dd", 7, 2), "aaaa bb\n  cc dd");
  EXPECT_EQ(WrapText("a muchlongerword b", 6, 0), "a\nmuchlongerword\nb");
  EXPECT_EQ(WrapText("  indented  text", 10, 4), "  indented\n    text");
}

TEST(Printable, IsOneLineThatATerminalMayBeSent) {
  EXPECT_EQ(Printable("a\tb\nc"), "a b c");
  EXPECT_EQ(Printable("\x1b[31m\u0085"), "\\x1b[31m\\x85");
  EXPECT_EQ(Printable("\xFFz\u4E2D"), "\uFFFDz\u4E2D");
}

}  // namespace
}  // namespace delstep
