"""Maps the formats in an export's details to the files in data/export/<network>/."""

FILES = {
    "onnx_float32": "ferd_float32.onnx",
    "onnx_float16": "ferd_float16.onnx",
    "onnx_int8": "ferd_int8.onnx",
    "tflite": "ferd.tflite",
}
