// SPDX-License-Identifier: Apache-2.0
// The steps from a picture to numbers.
#include "models/image/processor.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "tensor/check.h"

namespace thaw {
namespace {

// The place that the middle of `to` numbers has in a line of `from`, rounded down; below 0 where there are fewer.
int64_t middle(int64_t from, int64_t to) {
  const int64_t twice = from - to;
  return twice >= 0 ? twice / 2 : -((1 - twice) / 2);
}

Picture cropped(const Picture& picture, PictureSize size) {
  const int64_t top = middle(picture.height, size.height), left = middle(picture.width, size.width);
  const int64_t first = std::max<int64_t>(-left, 0), last = std::min(size.width, picture.width - left);
  Picture out{size.height, size.width, picture.channels, {}};
  out.pixels.resize(static_cast<size_t>(size.height * size.width * picture.channels));
  for (int64_t y = std::max<int64_t>(-top, 0); y < std::min(size.height, picture.height - top); ++y) {
    const auto from = picture.pixels.begin() + ((y + top) * picture.width + first + left) * picture.channels;
    std::copy_n(from, (last - first) * picture.channels,
                out.pixels.begin() + (y * size.width + first) * picture.channels);
  }
  return out;
}

// The longer side in proportion, rounded down (CLIP, ViViT).
PictureSize by_shortest_edge(PictureSize picture, int64_t edge) {
  if (picture.width <= picture.height) return {edge * picture.height / picture.width, edge};
  return {edge, edge * picture.width / picture.height};
}

// That ViLT lets a picture have, of such a shortest edge.
int64_t longest_edge(int64_t shortest) { return static_cast<int64_t>(1333.0 / 800 * static_cast<double>(shortest)); }

// ViLT's rule, in the reference's own order of roundings.
PictureSize by_both_edges(PictureSize picture, int64_t shortest, int64_t divisor) {
  const auto shorter = static_cast<double>(shortest);
  const auto longer = static_cast<double>(longest_edge(shortest));
  auto height = static_cast<double>(picture.height), width = static_cast<double>(picture.width);
  const double scale = shorter / std::min(height, width);
  const bool wide = height < width;
  height = wide ? shorter : scale * height;
  width = wide ? scale * width : shorter;
  if (const double longest = std::max(height, width); longest > longer) {
    height = longer / longest * height;
    width = longer / longest * width;
  }
  const auto multiple = [divisor](double side) { return static_cast<int64_t>(side + 0.5) / divisor * divisor; };
  return {multiple(height), multiple(width)};
}

// Of three channels.
bool has_colours(const Picture& picture) {
  for (size_t i = 0; i + 2 < picture.pixels.size(); i += 3)
    if (picture.pixels[i + 1] != picture.pixels[i] || picture.pixels[i + 2] != picture.pixels[i]) return true;
  return false;
}

// The first of three channels.
Picture first_channel(const Picture& picture) {
  Picture first{picture.height, picture.width, 1, {}};
  for (size_t i = 0; i + 2 < picture.pixels.size(); i += 3) first.pixels.push_back(picture.pixels[i]);
  return first;
}

// What a picture becomes before it is cut, if that can be made.
PictureSize size_to_make(const ImageProcessor& processor, PictureSize picture, std::string_view name) {
  const PictureSize to = processor.resized_size(picture);
  if (to.height < 1 || to.width < 1 || to.height > max_picture_pixels / to.width)
    fail("{}: a picture of {} x {} is too narrow: it would be resized to {} x {}", name, picture.height, picture.width,
         to.height, to.width);
  return to;
}

}  // namespace

PictureSize ImageProcessor::resized_size(PictureSize picture) const {
  check(picture.height > 0 && picture.width > 0, "a picture of {} x {} has no pixels", picture.height, picture.width);
  if (!resizes) return picture;
  if (shortest_edge == 0) return size;
  return kind == ProcessorKind::vilt ? by_both_edges(picture, shortest_edge, divisor)
                                     : by_shortest_edge(picture, shortest_edge);
}

PictureSize ImageProcessor::largest_picture(PictureSize usual) const {
  if (kind != ProcessorKind::vilt || fixed_size() || !resizes) return usual;
  return {shortest_edge, longest_edge(shortest_edge)};
}

std::optional<PictureSize> ImageProcessor::fixed_size() const {
  if (crops) return crop;
  if (resizes && shortest_edge == 0) return size;
  return {};
}

PictureSize ImageProcessor::prepared_size(PictureSize picture, std::string_view name) const {
  const PictureSize made = size_to_make(*this, picture, name);
  return crops ? crop : made;
}

void ImageProcessor::check_colours(const Picture& picture, std::string_view name) const {
  if (picture.channels == 3 && mean.size() == 1 && has_colours(picture))
    fail(
        "{}: is a picture of colours, the model's are grey (num_channels 1): make it grey, or take a model with "
        "num_channels 3",
        name);
}

Picture ImageProcessor::prepared(const Picture& picture, std::string_view name) const {
  check_picture(picture);
  const PictureSize to = size_to_make(*this, {picture.height, picture.width}, name);
  Picture out = resized(picture, to.height, to.width, filter);
  return crops ? cropped(out, crop) : out;
}

PixelValues ImageProcessor::operator()(const Picture& picture, std::string_view name) const {
  const size_t channels = mean.size();
  check_colours(picture, name);
  if (picture.channels == 3 && channels == 1) return (*this)(first_channel(picture), name);
  const Picture ready = prepared(picture, name);
  PixelValues out{std::ssize(mean), ready.height, ready.width, {}};
  out.values.reserve(channels * static_cast<size_t>(ready.height * ready.width));
  for (size_t c = 0; c < channels; ++c) {
    std::array<float, 256> values{};
    for (size_t i = 0; i < values.size(); ++i) {
      float value = rescales ? static_cast<float>(static_cast<double>(i) * rescale_factor) : static_cast<float>(i);
      if (rescales && offset) value -= 1;
      values[i] = normalises ? (value - static_cast<float>(mean[c])) / static_cast<float>(deviation[c]) : value;
    }
    const size_t step = static_cast<size_t>(ready.channels);
    for (size_t at = step == 1 ? 0 : c; at < ready.pixels.size(); at += step)
      out.values.push_back(values[ready.pixels[at]]);
  }
  return out;
}

}  // namespace thaw
