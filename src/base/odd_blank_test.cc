#include "base/odd_blank.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

// "no command named 'cycle'" was said of `cycle` with a character that nobody sees.
TEST(OddBlank, IsNamedWithWhatToDo) {
  EXPECT_EQ(OddBlankHint("train\u00A0now"),
            "there is a no-break space, U+00A0, in it: type a common blank");
  EXPECT_EQ(OddBlankHint("\u3000x"),
            "there is an uncommon blank, U+3000, in it: type a common blank");
  EXPECT_EQ(OddBlankHint("cycle\u200B"),
            "there is an invisible character, U+200B, in it: remove it");
  EXPECT_EQ(OddBlankHint("cycle\u2028"),
            "there is an uncommon end of a line, U+2028, in it: begin a new line with Enter");
  // What is no UTF-8 is no blank.
  for (const char* text : {"", "a b\tc", "J\u00F6rg", "\xff"}) EXPECT_EQ(OddBlankHint(text), "");
}

}  // namespace
}  // namespace delstep
