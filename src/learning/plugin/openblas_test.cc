#include "learning/plugin/openblas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "learning/plugin/learner_plugin.h"
#include "math/kernels.h"

namespace delstep {
namespace {

using testing::HasSubstr;

// What 0.3.21 says of a processor that it does not know, and of one that it takes for Skylake.
const std::string kUnknown =
    "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Prescott MAX_THREADS=64";
const std::string kSkylake =
    "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY SkylakeX MAX_THREADS=64";

/// The variable is unset at the start of a test, and after it as it was.
class OpenBlas : public testing::Test {
 protected:
  OpenBlas() : before_(Variable()) { unsetenv(kVariable); }
  ~OpenBlas() override {
    unsetenv(kVariable);
    if (before_) setenv(kVariable, before_->c_str(), 1);
  }
  static std::optional<std::string> Variable() {
    const char* value = std::getenv(kVariable);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
  static void UserSets(const char* value) { setenv(kVariable, value, 1); }

  /// What a library finds in the environment when LibTorch's plug-in is loaded. Each plug-in is a
  /// file of its own: one that is there already is not loaded again.
  static std::string SeenByPlugin(bool has_openblas, bool portable) {
    static int loaded = 0;
    const auto file =
        std::filesystem::path(testing::TempDir()) / ("plugin" + std::to_string(++loaded) + ".so");
    std::filesystem::copy_file(DELSTEP_FAKE_PLUGIN, file);
    const LearnerPlugin plugin{.library = "a fake",
                               .to_install = "",
                               .to_add = "",
                               .file = file,
                               .has_openblas = has_openblas};
    const auto entry = plugin.Load(portable);
    return entry ? (*entry)->about().blas : entry.error().message;
  }

 private:
  static constexpr const char* kVariable = "OPENBLAS_CORETYPE";
  const std::optional<std::string> before_;
};

TEST_F(OpenBlas, TakesTheKernelsOfTheInstructionSet) {
  EXPECT_EQ(OpenBlasKernels("avx512", false), "SkylakeX");
  EXPECT_EQ(OpenBlasKernels("avx2", false), "Haswell");
  EXPECT_EQ(OpenBlasKernels("portable", false), "");
}

TEST_F(OpenBlas, TakesTheSameKernelsOnEveryMachineIfPortable) {
  for (const char* name : {"avx512", "avx2"}) EXPECT_EQ(OpenBlasKernels(name, true), "Prescott");
}

TEST_F(OpenBlas, IsToldOnlyWhileItIsLoaded) {
  {
    const OpenBlasChoice choice("Haswell");
    EXPECT_EQ(Variable(), "Haswell");
  }
  EXPECT_EQ(Variable(), std::nullopt);
  const OpenBlasChoice none("");
  EXPECT_EQ(Variable(), std::nullopt);
}

TEST_F(OpenBlas, KeepsWhatTheUserChose) {
  UserSets("Zen");
  {
    const OpenBlasChoice choice("Haswell");
    EXPECT_EQ(Variable(), "Zen");
  }
  EXPECT_EQ(Variable(), "Zen");
}

TEST_F(OpenBlas, IsToldWhenAPluginThatHasItIsLoaded) {
  const std::string told(OpenBlasKernels(BestKernels().name, false));
  EXPECT_EQ(SeenByPlugin(true, false), told);
  EXPECT_EQ(SeenByPlugin(true, true), OpenBlasKernels(BestKernels().name, true));
  EXPECT_EQ(SeenByPlugin(false, false), "");
  EXPECT_EQ(Variable(), std::nullopt);
  UserSets("Zen");
  EXPECT_EQ(SeenByPlugin(true, false), "Zen");
}

TEST_F(OpenBlas, TheFindingNamesWhoChose) {
  EXPECT_THAT(JudgeOpenBlas(kSkylake, "SkylakeX").text, HasSubstr("delstep told it"));
  EXPECT_TRUE(JudgeOpenBlas(kSkylake, "SkylakeX").is_good);
  UserSets("Prescott");
  EXPECT_THAT(JudgeOpenBlas(kUnknown, "SkylakeX").text, HasSubstr("you set OPENBLAS_CORETYPE"));
  EXPECT_TRUE(JudgeOpenBlas(kUnknown, "SkylakeX").is_good);
}

TEST_F(OpenBlas, WhichDoesNotTakeWhatItIsToldIsNotGoodAndTheRemedyIsNamed) {
  const OpenBlasFinding finding = JudgeOpenBlas(kUnknown, "SkylakeX");
  EXPECT_FALSE(finding.is_good);
  EXPECT_THAT(finding.text, HasSubstr("OPENBLAS_CORETYPE=SkylakeX"));
}

TEST_F(OpenBlas, ThatHasNoChoiceOrIsAnotherLibraryIsOnlyDescribed) {
  for (const std::string described : {"OpenBLAS 0.3.21 NO_AFFINITY Zen", "part of LibTorch",
                                      "/usr/lib/x86_64-linux-gnu/blis/libblas.so.3"}) {
    EXPECT_EQ(JudgeOpenBlas(described, "SkylakeX").text, described);
    EXPECT_TRUE(JudgeOpenBlas(described, "SkylakeX").is_good);
  }
  EXPECT_EQ(JudgeOpenBlas(kUnknown, "").text, kUnknown);
}

}  // namespace
}  // namespace delstep
