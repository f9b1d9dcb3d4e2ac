// SPDX-License-Identifier: Apache-2.0
// preprocessor_config.json: files of all ages, what is written, and keys that would change numbers unseen.
#include <doctest/doctest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "models/image/processor.h"
#include "tests/error_of.h"
#include "tests/file_bytes.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr ProcessorKind all_kinds[] = {ProcessorKind::vit, ProcessorKind::clip, ProcessorKind::vilt,
                                       ProcessorKind::vivit};

ImageProcessor read(const std::string& text, ProcessorKind otherwise = ProcessorKind::vit) {
  return ImageProcessor::from_json(Json::parse(text, "file"), otherwise);
}

// The message behind the file's name.
std::string error(const std::string& text, ProcessorKind kind = ProcessorKind::vit) {
  const std::string what = error_of<std::runtime_error>([&] { read(text, kind); });
  return what.starts_with("file: ") ? what.substr(6) : what;
}

}  // namespace

TEST_CASE("processor files: the usual ones are written and read again") {
  for (const ProcessorKind kind : all_kinds) {
    const ImageProcessor usual = ImageProcessor::usual(kind);
    const ScratchFolder folder;
    usual.to_json().write(folder / "preprocessor_config.json", {});
    const ImageProcessor copy = find_image_processor(folder.path().string(), ProcessorKind::vit).value();
    CHECK(copy.kind == kind);
    CHECK(copy.to_json() == usual.to_json());
    CHECK(read("{}", kind).fixed_size() == usual.fixed_size());
    CHECK(read(R"({"do_resize":null,"size":null,"resample":null,"do_center_crop":null,"crop_size":null,)"
               R"("do_rescale":null,"rescale_factor":null,"do_normalize":null,"image_mean":null,"image_std":null,)"
               R"("offset":null,"size_divisor":null,"do_convert_rgb":null,"image_processor_type":null})",
               kind)
              .fixed_size() == usual.fixed_size());
  }
}

TEST_CASE("processor files: names of classes, old and new") {
  for (const auto& [name, kind] : {std::pair{"ViTImageProcessor", ProcessorKind::vit},
                                   {"ViTImageProcessorFast", ProcessorKind::vit},
                                   {"ViTFeatureExtractor", ProcessorKind::vit},
                                   {"CLIPImageProcessorFast", ProcessorKind::clip},
                                   {"CLIPImageProcessorPil", ProcessorKind::clip},
                                   {"ViltImageProcessor", ProcessorKind::vilt},
                                   {"VivitVideoProcessor", ProcessorKind::vivit}})
    for (const std::string key : {"image_processor_type", "feature_extractor_type"}) {
      const ImageProcessor processor = read("{\"" + key + "\": \"" + name + "\"}", ProcessorKind::vilt);
      CHECK(processor.kind == kind);
      CHECK(!processor.to_json().contains("feature_extractor_type"));
      CHECK(read(processor.to_json().dump()).kind == kind);
    }
  CHECK(read("{}", ProcessorKind::clip).kind == ProcessorKind::clip);
  const Json film = read(R"({"video_processor_type":"VivitVideoProcessor"})").to_json();
  CHECK(film.get_string("video_processor_type") == "VivitVideoProcessor");
  CHECK(!film.contains("image_processor_type"));
  for (const char* none : {R"({"video_processor_type":null})", R"({"video_processor_type":""})"})
    CHECK(read(read(none, ProcessorKind::clip).to_json().dump()).kind == ProcessorKind::clip);
  CHECK(read(R"({"image_processor_type":"ViTImageProcessor","feature_extractor_type":"CLIPFeatureExtractor"})").kind ==
        ProcessorKind::vit);
}

TEST_CASE("processor files: sizes as numbers") {
  const auto fits = [](const std::string& text, ProcessorKind kind, PictureSize size, int64_t edge) {
    const ImageProcessor p = read(text, kind);
    const ImageProcessor copy = read(p.to_json().dump(), kind);
    return p.size == size && p.shortest_edge == edge && copy.size == size && copy.shortest_edge == edge;
  };
  CHECK(fits(R"({"size":30})", ProcessorKind::vit, {30, 30}, 0));
  CHECK(fits(R"({"size":30})", ProcessorKind::clip, {}, 30));
  CHECK(fits(R"({"size":30})", ProcessorKind::vilt, {}, 30));
  CHECK(fits(R"({"size":30})", ProcessorKind::vivit, {}, 30));
  CHECK(fits(R"({"size":30,"default_to_square":true})", ProcessorKind::clip, {30, 30}, 0));
  CHECK(fits(R"({"size":30,"default_to_square":false})", ProcessorKind::vit, {}, 30));
  CHECK(fits(R"({"size":{"width":40,"height":30}})", ProcessorKind::clip, {30, 40}, 0));
  CHECK(fits(R"({"size":{"shortest_edge":30}})", ProcessorKind::vit, {}, 30));
  CHECK(fits(R"({"size":{"shortest_edge":30,"longest_edge":null}})", ProcessorKind::vivit, {}, 30));
  CHECK(read(R"({"crop_size":20})", ProcessorKind::clip).crop == PictureSize{20, 20});
  CHECK(read(R"({"crop_size":{"height":20,"width":10}})", ProcessorKind::vivit).crop == PictureSize{20, 10});
  CHECK(!read(R"({"do_center_crop":false,"crop_size":"none"})", ProcessorKind::clip).crops);
}

TEST_CASE("processor files: what is not understood is written back, what is changed is written") {
  ImageProcessor p =
      read(R"({"do_reduce_labels":false,"input_data_format":null,"own":[1,{"a":2}],"do_convert_rgb":true})");
  CHECK(p.to_json().at("own") == Json::parse(R"([1,{"a":2}])", "a"));
  CHECK(p.to_json().contains("do_reduce_labels"));
  CHECK(p.to_json().contains("input_data_format"));
  p.size = {32, 32};
  p.mean = p.deviation = {.25, .5, .75};
  p.filter = PictureFilter::bicubic;
  const ImageProcessor copy = read(p.to_json().dump());
  CHECK(copy.size == PictureSize{32, 32});
  CHECK(copy.mean == p.mean);
  CHECK(copy.filter == PictureFilter::bicubic);
}

TEST_CASE("processor files: keys that would change numbers") {
  CHECK(error("[]") == "an object is expected, this is an empty array");
  CHECK(error(R"({"image_processor_type":"ConvNextImageProcessor"})") ==
        "image_processor_type: \"ConvNextImageProcessor\" is not supported: ViT-, CLIP-, Vilt- or VivitImageProcessor "
        "is expected");
  CHECK(error(R"({"image_processor_type":3})").starts_with("image_processor_type: expected a string"));
  CHECK(error(R"({"do_reduce_labels":true})") == "do_reduce_labels: true is not supported for ViTImageProcessor");
  CHECK(error(R"({"do_center_crop":true})") == "do_center_crop: true is not supported for ViTImageProcessor");
  CHECK(error(R"({"do_pad":true})", ProcessorKind::clip) == "do_pad: true is not supported for CLIPImageProcessor");
  CHECK(error(R"({"use_square_size":true})", ProcessorKind::clip) ==
        "use_square_size: true is not supported for CLIPImageProcessor");
  CHECK(error(R"({"do_resize":1})") == "do_resize: expected true or false, found 1");
  CHECK(error(R"({"do_something":"no"})") == "do_something: expected true or false, found \"no\"");
  CHECK(error(R"({"resample":0})") == "resample: 0 (nearest) is not supported, only 2 (bilinear) and 3 (bicubic)");
  CHECK(error(R"({"resample":1})") == "resample: 1 (lanczos) is not supported, only 2 (bilinear) and 3 (bicubic)");
  CHECK(error(R"({"resample":6})") == "resample: expected an integer from 0 to 5, found 6");
  CHECK(error(R"({"resample":"bicubic"})") == "resample: expected an integer from 0 to 5, found \"bicubic\"");
  const std::string size = R"(size: expected a number, {"height", "width"}, {"shortest_edge"}, found )";
  CHECK(error(R"({"size":"224"})") == size + "\"224\"");
  CHECK(error(R"({"size":[224,224]})") == size + "an array");
  CHECK(error(R"({"size":{"height":224}})") == size + "an object");
  CHECK(error(R"({"size":{"shortest_edge":224,"longest_edge":500}})") == size + "an object");
  CHECK(error(R"({"size":{"height":224,"width":224}})", ProcessorKind::vilt) ==
        R"(size: expected a number, {"shortest_edge"}, found an object)");
  CHECK(error(R"({"size":0})") == "size: expected an integer from 1 to 8192, found 0");
  CHECK(error(R"({"size":{"height":224,"width":100000}})") ==
        "size.width: expected an integer from 1 to 8192, found 100000");
  CHECK(error(R"({"size":{"shortest_edge":2.5}})") ==
        "size.shortest_edge: expected an integer from 1 to 8192, found 2.5");
  CHECK(error(R"({"crop_size":{"shortest_edge":20}})", ProcessorKind::clip) ==
        R"(crop_size: expected a number or {"height", "width"})");
  CHECK(error(R"({"crop_size":-1})", ProcessorKind::clip) == "crop_size: expected an integer from 1 to 8192, found -1");
  CHECK(error(R"({"size_divisor":0})", ProcessorKind::vilt) ==
        "size_divisor: expected an integer from 1 to 8192, found 0");
  CHECK(error(R"({"rescale_factor":0})") == "rescale_factor: expected a number from 1e-06 to 1000000, found 0");
  CHECK(error(R"({"image_mean":0.5})") == "image_mean: expected 3 numbers, or 1 for grey pictures");
  CHECK(error(R"({"image_mean":[0.5,0.5]})") == "image_mean: expected 3 numbers, or 1 for grey pictures");
  CHECK(error(R"({"image_mean":[0.5]})") == "image_std: 3 numbers, and image_mean has 1");
  CHECK(error(R"({"image_std":[1,0,1]})") == "image_std[1]: expected a number from 1e-06 to 1000000, found 0");
  CHECK(error(R"({"image_mean":[0.5],"image_std":[0.5],"do_convert_rgb":true})") ==
        "do_convert_rgb: three channels are asked for, and image_mean has one number");
}

TEST_CASE("processor files: where a directory has them") {
  const ScratchFolder folder;
  const std::string directory = folder.path().string();
  CHECK(!find_image_processor(directory, ProcessorKind::clip));
  const auto edge = [&](ProcessorKind kind) { return find_image_processor(directory, kind).value().shortest_edge; };
  folder.write("preprocessor_config.json", R"({"size":31})");
  CHECK(edge(ProcessorKind::clip) == 31);
  folder.write("video_preprocessor_config.json", R"({"size":32})");
  CHECK(edge(ProcessorKind::clip) == 31);
  CHECK(edge(ProcessorKind::vivit) == 32);
  folder.write("processor_config.json", R"({"processor_class":"CLIPProcessor"})");
  CHECK(edge(ProcessorKind::clip) == 31);
  folder.write("processor_config.json", R"({"image_processor":{"size":33},"video_processor":{"size":34}})");
  CHECK(edge(ProcessorKind::clip) == 33);
  CHECK(edge(ProcessorKind::vivit) == 34);
  folder.write("processor_config.json", R"({"image_processor":{"size":0}})");
  CHECK(error_of<std::runtime_error>([&] { find_image_processor(directory, ProcessorKind::clip); }) ==
        directory + "/processor_config.json: image_processor.size: expected an integer from 1 to 8192, found 0");
}
