#include "user_models/dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Dependencies, AreReadWithBlanksDollarsAndLinesThatGoOn) {
  EXPECT_THAT(ParseDependencies("m.so: a.cpp /usr/b.h \\\n own\\ header.h c\\#.h d$$.h\n"),
              ElementsAre("a.cpp", "/usr/b.h", "own header.h", "c#.h", "d$.h"));
}

TEST(Dependencies, AreNoneWhereThereIsNoRule) {
  EXPECT_THAT(ParseDependencies(""), IsEmpty());
  EXPECT_THAT(ParseDependencies("m.so"), IsEmpty());
  EXPECT_THAT(ParseDependencies("m.so:"), IsEmpty());
  EXPECT_THAT(ParseDependencies("m.so: \\\n"), IsEmpty());
}

TEST(Dependencies, HashTheContentsOfFilesInTheirOrder) {
  const std::string a = DELSTEP_SOURCE_DIR "/LICENSE", b = DELSTEP_SOURCE_DIR "/README.md";
  EXPECT_EQ(HashFiles({a, b}), HashFiles({a, b}));
  EXPECT_NE(HashFiles({a, b}), HashFiles({b, a}));
  EXPECT_EQ(HashFiles({a, "/nowhere"}), std::nullopt);
}

TEST(FilesOfSource, AreItAndTheHeadersBesideThem) {
  const std::string folder = testing::TempDir() + "files_of_source/";
  std::filesystem::create_directories(folder + "sub");
  std::ofstream(folder + "a.cc") << "#include <vector>\n  # include \"sub/b.h\" // why\n";
  std::ofstream(folder + "sub/b.h") << "#include \"c.h\"\n#include \"../a.cc\"\n#define X \"y\"\n";
  EXPECT_THAT(FilesOfSource(folder + "a.cc"),
              ElementsAre(folder + "a.cc", folder + "sub/b.h", folder + "sub/c.h"));
  EXPECT_THAT(FilesOfSource(folder), ElementsAre(folder));
}

}  // namespace
}  // namespace delstep
