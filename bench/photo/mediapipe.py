# MediaPipe's face landmarker: CPU milliseconds on one picture, or its points on many.
#   mediapipe.py TASK PICTURE ROUNDS
#   mediapipe.py TASK --points FILE…
import json
import os
import statistics
import sys
import time

# This file is called as the package is: the package must be found first.
sys.path.remove(os.path.dirname(os.path.abspath(__file__)))

import mediapipe
import numpy
from mediapipe.tasks.python import BaseOptions, vision
from PIL import Image


def look(landmarker, picture):
    pixels = numpy.ascontiguousarray(numpy.asarray(picture))
    return landmarker.detect(mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=pixels))


def points(found, width, height):
    return [[p.x * width, p.y * height, p.z * width] for p in found.face_landmarks[0]] if found.face_landmarks else []


task, first, *rest = sys.argv[1:]
options = vision.FaceLandmarkerOptions(base_options=BaseOptions(model_asset_path=task), output_face_blendshapes=True, num_faces=1)
landmarker = vision.FaceLandmarker.create_from_options(options)
if first == "--points":
    for file in rest:
        picture = Image.open(file).convert("RGB")
        print(json.dumps({"file": file, "points": points(look(landmarker, picture), *picture.size)}))
else:
    picture = Image.open(first).convert("RGB")
    picture.thumbnail((480, 640))
    times = []
    for _ in range(int(rest[0])):
        begun = time.process_time()
        look(landmarker, picture)
        times.append((time.process_time() - begun) * 1e3)
    print(json.dumps({"version": mediapipe.__version__, "stages": {"look": statistics.median(times)}}))
