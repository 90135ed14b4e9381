#include "base/hash_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/hash.h"

namespace delstep {
namespace {

TEST(HashFile, IsTheHashOfAllBytesHoweverManyPiecesThatTakes) {
  const std::string file = testing::TempDir() + "hash_file";
  for (const std::size_t bytes : {0U, 1U, (1U << 20) - 1, 1U << 20, (3U << 20) + 5}) {
    std::string text(bytes, 'x');
    if (bytes > 0) text.back() = '\n';
    std::ofstream(file, std::ios::binary) << text;
    EXPECT_EQ(HashFile(file), HashText(text)) << bytes;
    EXPECT_EQ(HashFile(file, 7), HashText(text, 7)) << bytes;
  }
}

TEST(HashFile, IsNoneOfWhatCannotBeRead) {
  EXPECT_FALSE(HashFile(testing::TempDir()));
  EXPECT_FALSE(HashFile(testing::TempDir() + "hash_nothing"));
}

}  // namespace
}  // namespace delstep
