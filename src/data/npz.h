#pragma once
/// Data sets that people save with numpy.savez or numpy.savez_compressed, such as Keras' mnist.npz.
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "delstep/data.h"
#include "delstep/result.h"

namespace delstep {

/// Reads the arrays `x_train` and `y_train`, perhaps `x_test` and `y_test`; or `x` and `y`, without
/// a test part. Capitals or not; also under the names that MedMNIST gives them (`train_images`,
/// `train_labels`, `val_images`, ...), as `train_x`, `train_y`, ..., and as `data` and `labels`,
/// `images` and `labels`, `features` and `labels`, `data` and `target`. A part for validation
/// (`x_val`, `val_images`, ...) is read as more of the training part. Of that, and of every other
/// array in the file, which is passed over, LoadedData::notes tells.
///
/// Features: the first dimension counts examples. Bytes (dtype uint8) stay bytes, a feature being
/// byte / 255; floats stay what they are; other whole numbers become floats of the same value, up
/// to 2^24 in amount. The shape of an example: [h, w] becomes {1, h, w}; [h, w, c] with c = 1, 3 or
/// 4 is a picture with its channels last and becomes {c, h, w}; every other shape stays, and a
/// single number an example becomes {1}.
///
/// Labels: whole numbers, as integers or floats, of shape [n] or [n, 1], from 0 and without gaps
/// (over both parts); or one-hot rows, [n, classes].
///
/// Errors (kFile): those of archive/zip.h and archive/npy.h; arrays that are missing (the message
/// lists what there is); unequal numbers of examples and labels, unequal shapes of both parts; a
/// feature that is infinite or not a number; labels that are negative, have gaps or are not
/// one-hot.
Result<LoadedData> ReadNpz(const std::filesystem::path& path);
/// The same of a file's bytes; messages call them `name`.
Result<LoadedData> ParseNpz(std::span<const std::uint8_t> content, const std::string& name);

}  // namespace delstep
