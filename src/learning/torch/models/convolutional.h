#pragma once
/// The convolutional networks that studies of this field compare on.
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/torch/net.h"

namespace delstep {

/// `cnn`: McMahan et al. 2017, "Communication-efficient learning of deep networks from
/// decentralized data": two 5x5 convolutions of 32 and 64 channels, each followed by 2x2 max
/// pooling, 512 units, relu; 1,663,370 parameters on 28 x 28 digits.
///
/// `lenet`: LeCun et al. 1998 as it is used today: 5x5 convolutions of 6 and 16 channels, relu, 2x2
/// max pooling, 120 and 84 units. Inputs narrower than 32 are padded by 2.
///
/// `resnet20`: He et al. 2016, section 4.2, n = 3: batch norm, shortcuts of type A (no parameters).
///
/// Inputs are pictures of any number of channels and a side of at least 4 (cnn) or 16 (lenet).
/// Errors: kUsage, naming the keys.
Result<MakeNet> ConvolutionalNet(const Scenario& scenario, const NetInput& input);

}  // namespace delstep
