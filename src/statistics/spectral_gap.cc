// The method of Lanczos with full reorthogonalization (Golub and Van Loan, "Matrix Computations",
// 4th edition, 10.1 and 10.3) gives a small tridiagonal matrix; implicit QR steps (8.3.5) give its
// eigenvalues.
#include "statistics/spectral_gap.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace delstep {
namespace {

using Edges = std::span<const std::pair<std::uint32_t, std::uint32_t>>;
using Vector = std::vector<double>;

/// Numbers of all basis vectors together: 128 MiB.
constexpr std::size_t kMostNumbers = std::size_t{1} << 24;
/// Steps squared times nodes, which is what reorthogonalizing costs: some seconds.
constexpr double kMostWork = 0x1p30;
constexpr double kTolerance = 1e-10;

/// W, row by row, without its zeros.
class MetropolisMatrix {
 public:
  MetropolisMatrix(std::size_t nodes, Edges edges) : begins_(nodes + 1), own_(nodes, 1.0) {
    std::vector<std::uint32_t> degree(nodes);
    for (const auto& [a, b] : edges) ++degree[a], ++degree[b];
    for (std::size_t i = 0; i < nodes; ++i) begins_[i + 1] = begins_[i] + degree[i];
    others_.resize(begins_.back());
    weights_.resize(begins_.back());
    std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
    for (const auto& [a, b] : edges) {
      const double weight = 1 / (1 + static_cast<double>(std::max(degree[a], degree[b])));
      for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
        others_[next[from]] = to;
        weights_[next[from]++] = weight;
        own_[from] -= weight;
      }
    }
  }

  std::size_t size() const { return own_.size(); }

  Vector Times(const Vector& x) const {
    Vector y(size());
    for (std::size_t i = 0; i < size(); ++i) {
      y[i] = own_[i] * x[i];
      for (std::size_t k = begins_[i]; k < begins_[i + 1]; ++k) y[i] += weights_[k] * x[others_[k]];
    }
    return y;
  }

 private:
  std::vector<std::size_t> begins_;
  std::vector<std::uint32_t> others_;
  Vector weights_, own_;
};

double Dot(const Vector& x, const Vector& y) {
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

void Subtract(Vector& x, double times, const Vector& y) {
  for (std::size_t i = 0; i < x.size(); ++i) x[i] -= times * y[i];
}

/// Numbers without any pattern (splitmix64): no eigenvector of a regular graph is missing in them.
Vector StartVector(std::size_t size) {
  Vector x(size);
  std::uint64_t state = 0;
  for (double& value : x) {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    value = static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53 - 0.5;
  }
  return x;
}

/// Takes out of x what lies along the equal vector and along the basis; returns what is left of its
/// length. A second pass repairs what rounding has left of the first.
double Orthogonalize(Vector& x, const std::vector<Vector>& basis) {
  for (int pass = 0; pass < 2; ++pass) {
    const double mean = std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
    for (double& value : x) value -= mean;
    for (const Vector& each : basis) Subtract(x, Dot(x, each), each);
  }
  return std::sqrt(Dot(x, x));
}

/// A symmetric tridiagonal matrix on its way to become diagonal. `last` is the last row of the
/// matrix of its eigenvectors.
struct Tridiagonal {
  Vector diagonal, beside;  // beside[i] between i and i + 1
  Vector last;

  /// One implicit QR step with Wilkinson's shift on the rows from..to, which hang together.
  void Step(std::size_t from, std::size_t to) {
    const double half = (diagonal[to - 1] - diagonal[to]) / 2;
    const double b = beside[to - 1];
    const double root = std::sqrt(half * half + b * b);
    const double shift = diagonal[to] - b * b / (half + (half < 0 ? -root : root));
    double x = diagonal[from] - shift, z = beside[from];
    for (std::size_t k = from; k < to; ++k) {
      const double length = std::sqrt(x * x + z * z);
      const double c = length == 0 ? 1 : x / length, s = length == 0 ? 0 : z / length;
      if (k > from) beside[k - 1] = length;
      const double p = diagonal[k], q = diagonal[k + 1], r = beside[k];
      diagonal[k] = c * c * p + 2 * c * s * r + s * s * q;
      diagonal[k + 1] = s * s * p - 2 * c * s * r + c * c * q;
      beside[k] = c * s * (q - p) + (c * c - s * s) * r;
      const double u = last[k], v = last[k + 1];
      last[k] = c * u + s * v;
      last[k + 1] = c * v - s * u;
      if (k + 1 == to) break;
      x = beside[k];
      z = s * beside[k + 1];
      beside[k + 1] *= c;
    }
  }

  /// Eigenvalues are at most 1 here, so what is below 1e-15 is rounding.
  void Diagonalize() {
    const auto small = [&](std::size_t i) { return std::abs(beside[i]) < 1e-15; };
    for (std::size_t to = diagonal.size() - 1; to > 0; --to)
      while (!small(to - 1)) {
        std::size_t from = to - 1;
        while (from > 0 && !small(from - 1)) --from;
        Step(from, to);
      }
  }
};

struct Extremes {
  double size = 0;   ///< the largest absolute value
  double error = 0;  ///< a bound on that of the least and of the greatest
};

/// Of the matrix, by the tridiagonal one whose next number beside the diagonal would be `next`.
Extremes ExtremesOf(Vector diagonal, Vector beside, double next) {
  Tridiagonal matrix{std::move(diagonal), std::move(beside), {}};
  matrix.last.assign(matrix.diagonal.size(), 0.0);
  matrix.last.back() = 1;
  matrix.Diagonalize();
  const auto [least, most] = std::ranges::minmax_element(matrix.diagonal);
  const auto error = [&](auto place) {
    return next * std::abs(matrix.last[static_cast<std::size_t>(place - matrix.diagonal.begin())]);
  };
  return {.size = std::max(std::abs(*least), std::abs(*most)),
          .error = std::max(error(least), error(most))};
}

/// As many as there are to take, unless memory or time end before.
std::size_t MostSteps(std::size_t nodes) {
  const auto affordable =
      static_cast<std::size_t>(std::sqrt(kMostWork / static_cast<double>(nodes)));
  return std::max<std::size_t>(1, std::min({nodes - 1, kMostNumbers / nodes, affordable}));
}

/// Requires a connected graph of two nodes at least.
SpectralGap GapOf(const MetropolisMatrix& matrix) {
  const std::size_t most = MostSteps(matrix.size());
  std::vector<Vector> basis;
  Vector diagonal, beside;
  Vector x = StartVector(matrix.size());
  double length = Orthogonalize(x, basis);
  std::size_t look = 8;
  for (;;) {
    for (double& value : x) value /= length;
    basis.push_back(x);
    x = matrix.Times(basis.back());
    diagonal.push_back(Dot(x, basis.back()));
    length = Orthogonalize(x, basis);
    // Nothing is left: the basis holds all that the start vector can tell, or all there is.
    const bool whole = length < kTolerance || basis.size() + 1 == matrix.size();
    if (whole || basis.size() >= look || basis.size() >= most) {
      const Extremes found = ExtremesOf(diagonal, beside, whole ? 0 : length);
      const bool exact = found.error <= kTolerance;
      if (exact || basis.size() >= most)
        return {.gap = std::clamp(1 - found.size, 0.0, 1.0), .exact = exact};
      look =
          basis.size() + basis.size() / 4;  // a look costs as much as the steps since the last one
    }
    beside.push_back(length);
  }
}

}  // namespace

std::size_t CountComponents(std::size_t nodes, Edges edges) {
  std::vector<std::uint32_t> parent(nodes);
  std::iota(parent.begin(), parent.end(), std::uint32_t{0});
  const auto root = [&](std::uint32_t node) {
    while (parent[node] != node) node = parent[node] = parent[parent[node]];
    return node;
  };
  std::size_t components = nodes;
  for (const auto& [a, b] : edges) {
    const std::uint32_t one = root(a), other = root(b);
    if (one == other) continue;
    parent[one] = other;
    --components;
  }
  return components;
}

SpectralGap SpectralGapOf(std::size_t nodes, Edges edges) {
  if (nodes < 2) return {};
  if (CountComponents(nodes, edges) > 1) return {.gap = 0};
  return GapOf(MetropolisMatrix(nodes, edges));
}

}  // namespace delstep
