#include "delstep/random.h"

#include <Random123/philox.h>

#include <cassert>
#include <cmath>

#include "math/elementary.h"
#include "math/kernels.h"

namespace delstep {
namespace {

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection that spreads every bit.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

RandomKey MakeKey(std::uint64_t seed, Purpose purpose, std::uint64_t who, std::uint64_t use) {
  const auto first = Mix(static_cast<std::uint64_t>(purpose));
  // Each part is mixed before the next one comes in, so that (1, 2) and (2, 1) name different
  // streams.
  return {seed, Mix(Mix(first ^ who) + use)};
}

RandomKey Derive(RandomKey key, std::uint64_t label) {
  return {key.seed, Mix(Mix(key.stream) ^ label)};
}

void Random::Refill() {
  if (drawn_ == 0) {
    FirstBlock();
    return;
  }
  // By the portable code, which every machine runs: the words are the same.
  drawn_ = drawn_ == 4 ? 16 : kMostWords;
  PortableKernels().philox(key_, block_, drawn_ / 4, words_);
  block_ += drawn_ / 4;
  used_ = 0;
}

/// A single block is faster without vectors.
void Random::FirstBlock() {
  const r123::Philox4x32 philox;
  // The counter is (place in the stream, name of the stream), the key the seed: no state is kept
  // but the place.
  const r123::Philox4x32::ctr_type counter = {
      {static_cast<std::uint32_t>(block_), static_cast<std::uint32_t>(block_ >> 32),
       static_cast<std::uint32_t>(key_.stream), static_cast<std::uint32_t>(key_.stream >> 32)}};
  const r123::Philox4x32::key_type key = {
      {static_cast<std::uint32_t>(key_.seed), static_cast<std::uint32_t>(key_.seed >> 32)}};
  const auto words = philox(counter, key);
  for (std::size_t i = 0; i < 4; ++i) words_[i] = words[i];
  ++block_;
  used_ = 0;
  drawn_ = 4;
}

void Random::Fill(std::span<std::uint32_t> words, bool portable) {
  while (!words.empty() && used_ < drawn_) {
    words.front() = words_[used_++];
    words = words.subspan(1);
  }
  // Whole blocks of four words by a kernel; what is left over comes one by one, and the place in
  // the stream is the same as if all had.
  const std::size_t blocks = words.size() / 4;
  const Kernels& kernels = portable ? PortableKernels() : BestKernels();
  kernels.philox(key_, block_, blocks, words.data());
  block_ += blocks;
  for (std::uint32_t& word : words.subspan(4 * blocks)) word = Next32();
}

std::uint64_t Random::Below(std::uint64_t bound) {
  assert(bound > 0);
  if (bound <= 1) return 0;
  // Lemire 2019, "Fast random integer generation in an interval": reject the few that would bias.
  __extension__ using Wide = unsigned __int128;
  Wide product = static_cast<Wide>(Next64()) * bound;
  if (static_cast<std::uint64_t>(product) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(product) < threshold)
      product = static_cast<Wide>(Next64()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

double Random::Normal() {
  for (;;) {
    const double u = Uniform(-1, 1), v = Uniform(-1, 1);
    const double square = u * u + v * v;
    if (square > 0 && square < 1) return u * std::sqrt(-2 * Log(square) / square);
  }
}

// 1 - U is above 0, so its logarithm is finite.
double Random::Exponential() { return -Log(1 - Uniform()); }

double Random::Gamma(double shape) {
  assert(shape > 0);
  if (shape < 1) {
    // Gamma(a) = Gamma(a + 1) * U^(1/a).
    const double u = 1 - Uniform();
    return Gamma(shape + 1) * Exp(Log(u) / shape);
  }
  // Marsaglia and Tsang 2000: a cube of a normal, accepted in most cases at once.
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = Normal();
    const double t = 1 + c * x;
    if (t <= 0) continue;
    const double v = t * t * t;
    const double u = 1 - Uniform();
    if (Log(u) < 0.5 * x * x + d - d * v + d * Log(v)) return d * v;
  }
}

std::vector<double> Random::Dirichlet(std::span<const double> alpha) {
  assert(!alpha.empty());
  std::vector<double> parts;
  parts.reserve(alpha.size());
  double sum = 0;
  for (const double a : alpha) {
    parts.push_back(Gamma(a));
    sum += parts.back();
  }
  // With a tiny alpha all may be 0: the limit of such draws is all weight at one place.
  if (!(sum > 0)) {
    for (double& part : parts) part = 0;
    parts[static_cast<std::size_t>(Below(parts.size()))] = 1;
    return parts;
  }
  for (double& part : parts) part /= sum;
  return parts;
}

}  // namespace delstep
