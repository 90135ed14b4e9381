#include "base/excerpt.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

TEST(Excerpt, IsTheTextWhereItIsShortAndPrintable) { EXPECT_EQ(Excerpt("uniform"), "uniform"); }

// A latency of a file with a thousand form feeds in it made a message of four thousand characters.
TEST(Excerpt, CutsWhatIsLongAndShowsWhatCannotBePrinted) {
  EXPECT_EQ(Excerpt("a\f", 10), "a\\x0c");
  std::string cut(59, 'a');
  EXPECT_EQ(Excerpt(std::string(61, 'a')), cut.append("…"));
  EXPECT_EQ(Excerpt(std::string(60, 'a')), std::string(60, 'a'));
  EXPECT_EQ(Excerpt(std::string(1000, '\f'), 6), "\\x0c\\…");
}

}  // namespace
}  // namespace delstep
