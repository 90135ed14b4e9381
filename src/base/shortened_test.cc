#include "base/shortened.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

TEST(Shortened, IsTheTextWhereItIsShortAndPrintable) { EXPECT_EQ(Shortened("uniform"), "uniform"); }

// A latency of a file with a thousand form feeds in it made a message of four thousand characters.
TEST(Shortened, CutsWhatIsLongAndShowsWhatCannotBePrinted) {
  EXPECT_EQ(Shortened("a\f", 10), "a\\x0c");
  std::string cut(59, 'a');
  EXPECT_EQ(Shortened(std::string(61, 'a')), cut.append("…"));
  EXPECT_EQ(Shortened(std::string(60, 'a')), std::string(60, 'a'));
  EXPECT_EQ(Shortened(std::string(1000, '\f'), 6), "\\x0c\\…");
}

}  // namespace
}  // namespace delstep
