#pragma once
/// What a user's .pt file is and what wrote it, judged by what lies in it; needs no LibTorch.
#include <cstdint>
#include <span>
#include <string>

#include "delstep/result.h"

namespace delstep {

/// The writer of a TorchScript file as far as the file tells: "PyTorch 2.1 or later (file format
/// 3)". Errors (kFile), saying what to do instead: `content` is no zip file, or a damaged one, or
/// was written by torch.save() or torch.export.
Result<std::string> WriterOfScript(std::span<const std::uint8_t> content, const std::string& name);

}  // namespace delstep
