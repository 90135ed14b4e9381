#include "data/scale.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace delstep {
namespace {

/// What a new pixel is made of: weights, with the sum 1, of the old ones from `begin` on.
struct Mixture {
  std::size_t begin = 0;
  std::vector<float> weights;
};

std::vector<Mixture> Mixtures(std::size_t from, std::size_t to) {
  const double step = static_cast<double>(from) / static_cast<double>(to);
  const double radius = std::max(step, 1.0);
  std::vector<Mixture> mixtures(to);
  for (std::size_t i = 0; i < to; ++i) {
    const double centre = (static_cast<double>(i) + 0.5) * step;
    const auto weight = [&](std::size_t k) {
      return std::max(0.0, 1 - std::abs(static_cast<double>(k) + 0.5 - centre) / radius);
    };
    const auto begin = static_cast<std::size_t>(std::max(0.0, centre - radius));
    const std::size_t end = std::min(from, static_cast<std::size_t>(centre + radius) + 1);
    double sum = 0;
    for (std::size_t k = begin; k < end; ++k) sum += weight(k);
    mixtures[i].begin = begin;
    for (std::size_t k = begin; k < end; ++k)
      mixtures[i].weights.push_back(static_cast<float>(weight(k) / sum));
  }
  return mixtures;
}

}  // namespace

std::vector<std::uint8_t> Scale(std::span<const std::uint8_t> plane, std::size_t width,
                                std::size_t height, std::size_t size) {
  assert(width > 0 && height > 0 && size > 0 && plane.size() == width * height);
  std::vector<float> narrow(height * size);  // scaled in width only
  const std::vector<Mixture> columns = Mixtures(width, size);
  for (std::size_t row = 0; row < height; ++row) {
    for (std::size_t i = 0; i < size; ++i) {
      const std::uint8_t* const old = &plane[row * width + columns[i].begin];
      float value = 0;
      for (std::size_t k = 0; k < columns[i].weights.size(); ++k)
        value += columns[i].weights[k] * static_cast<float>(old[k]);
      narrow[row * size + i] = value;
    }
  }
  std::vector<std::uint8_t> scaled;
  scaled.reserve(size * size);
  for (const Mixture& rows : Mixtures(height, size)) {
    for (std::size_t i = 0; i < size; ++i) {
      float value = 0.5f;
      for (std::size_t k = 0; k < rows.weights.size(); ++k)
        value += rows.weights[k] * narrow[(rows.begin + k) * size + i];
      scaled.push_back(static_cast<std::uint8_t>(std::min(value, 255.0f)));
    }
  }
  return scaled;
}

}  // namespace delstep
