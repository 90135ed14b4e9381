#pragma once
/// Arrays as NumPy saves them: the npy format (versions 1.0, 2.0 and 3.0, as numpy.lib.format
/// describes them), alone or as entries NAME.npy of a zip file (.npz).
///
/// A header is read by a small parser of its own that knows nothing but the one dictionary NumPy
/// writes; nothing in a file is ever run.
///
/// Errors (kFile) name the source, the byte and what was expected.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archive/byte_source.h"
#include "delstep/result.h"

namespace delstep {

struct NpyHeader {
  char kind = 'f';            ///< 'u' unsigned, 'i' signed integer, 'f' float
  std::size_t item_size = 4;  ///< bytes: 1, 2, 4 or 8; of a float 2, 4 or 8
  bool big_endian = false;
  bool fortran_order = false;        ///< first dimension fastest
  std::vector<std::uint64_t> shape;  ///< of a single number empty

  /// Values; fits in 64 bits even when multiplied by item_size.
  std::uint64_t count() const;
  /// "<f4"; "|u1".
  std::string dtype() const;
  /// "(60000, 28, 28)", as NumPy writes it.
  std::string shape_text() const;
};

/// What to do about an array of bool: as numbers of a model they are fine, as pixels they are not.
enum class TruthValues { kRefused, kAsBytes };

/// Errors: no npy file, another version, a bad dictionary, more than 64 dimensions, values beyond
/// 2^63 bytes; a dtype that is not one of the kinds above (bool, complex, text, dates, objects,
/// structures): what it is and how to convert it. With TruthValues::kAsBytes an array of bool is
/// one of unsigned bytes, 0 and 1.
Result<NpyHeader> ReadNpyHeader(ByteSource& source, TruthValues truth = TruthValues::kRefused);

/// Appends the values that follow the header, count() * item_size bytes, last dimension fastest and
/// in this machine's byte order. The source must end after them.
Result<void> ReadNpyValues(ByteSource& source, const NpyHeader& header, ByteBuffer& into);

/// The whole array as `T`: `float`, `double` or `std::int64_t`.
/// Errors: those above; a value that a T cannot hold: an integer that a float does not represent
/// exactly (beyond 2^24 in amount, 2^53 for double), a finite float that overflows, and for
/// std::int64_t what is no whole number. They name its place in the array.
template <class T>
Result<std::vector<T>> ReadNpyAs(ByteSource& source, const NpyHeader& header);

/// The header (version 1.0) of an array in C order, padded as NumPy pads it: the values follow.
/// `dtype` as in NpyHeader::dtype().
std::string NpyHeaderText(std::string_view dtype, const std::vector<std::uint64_t>& shape);

}  // namespace delstep
