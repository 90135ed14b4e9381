#include "math/chosen_kernels.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "math/kernels.h"

namespace delstep {
namespace {

/// Sets the variable for the time of a test.
class ChosenKernels : public testing::Test {
 protected:
  ChosenKernels() {
    const char* value = std::getenv(kVariable);
    if (value != nullptr) before_ = value;
  }
  ~ChosenKernels() override {
    if (before_.empty())
      unsetenv(kVariable);
    else
      setenv(kVariable, before_.c_str(), 1);
  }
  static void Set(const char* name) { setenv(kVariable, name, 1); }

  static constexpr const char* kVariable = "DELSTEP_KERNELS";

 private:
  std::string before_;
};

TEST_F(ChosenKernels, AreThoseInUseOrNone) {
  unsetenv(kVariable);
  EXPECT_TRUE(CheckChosenKernels());
  Set(BestKernels().name);
  EXPECT_TRUE(CheckChosenKernels());
}

TEST_F(ChosenKernels, AnUnknownNameIsAnErrorThatListsThoseThatRun) {
  BestKernels();  // chosen now at the latest, by the environment as it was
  Set("avx3");
  const Result<void> checked = CheckChosenKernels();
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().message.find("DELSTEP_KERNELS='avx3'"), std::string::npos);
  EXPECT_NE(checked.error().hint.find("portable"), std::string::npos);
}

}  // namespace
}  // namespace delstep
