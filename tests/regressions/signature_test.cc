#include "apps/delstep/signature.h"

#include <gtest/gtest.h>

#include "base/hash.h"
#include "delstep/registry.h"

namespace delstep {
namespace {

/// What `delstep bench --signature --portable` prints. A refactoring keeps it; a commit that
/// changes behaviour states the new one.
constexpr const char* kPortable = "abd52fe29202a414";

std::string SignatureOf(std::vector<std::string> overrides) {
  const auto signature = Signature(overrides, MakeRegistry({}));
  return signature ? HexHash(*signature) : signature.error().message;
}

TEST(Signature, IsTheRecordedOneForAnyNumberOfThreads) {
  EXPECT_EQ(SignatureOf({"portable=true", "training.threads=1"}), kPortable);
  EXPECT_EQ(SignatureOf({"portable=true", "training.threads=2"}), kPortable);
}

TEST(Signature, WithWideKernelsIsTheSameForAnyNumberOfThreads) {
  EXPECT_EQ(SignatureOf({"training.threads=1"}), SignatureOf({"training.threads=3"}));
}

TEST(Signature, DependsOnTheSeed) {
  EXPECT_NE(SignatureOf({"portable=true", "seed=21"}), kPortable);
}

}  // namespace
}  // namespace delstep
