#include "apps/delstep/setup.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace delstep {
namespace {

TEST(HistoryFile, LiesWhereTheEnvironmentSays) {
  setenv("XDG_STATE_HOME", "/state", 1);
  EXPECT_EQ(HistoryFile(), "/state/delstep/history");
  unsetenv("XDG_STATE_HOME");
  setenv("HOME", "/home/ann", 1);
  EXPECT_EQ(HistoryFile(), "/home/ann/.local/state/delstep/history");
  unsetenv("HOME");
  EXPECT_EQ(HistoryFile(), "");
}

TEST(UsualDataFolders, BeginWithTheUsersOwn) {
  setenv("DELSTEP_DATA", "/srv/data", 1);
  EXPECT_EQ(UsualDataFolders().own, "/srv/data");
  unsetenv("DELSTEP_DATA");
  EXPECT_EQ(UsualDataFolders().own, "");
  EXPECT_EQ(UsualDataFolders().fetched, DELSTEP_DATA_DIR);
}

}  // namespace
}  // namespace delstep
