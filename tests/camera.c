// A camera that sees the picture in a file, read anew for each frame: a plug-in of GStreamer, by
// which WebKitGTK finds cameras. Only the demo loads it. A picture can also be had by PipeWire, but
// by the one of Debian 12 WebKit's process crashes whenever a page stops its camera, or soon after.
#include <gst/base/gstpushsrc.h>
#include <gst/gst.h>

#define PACKAGE "passregion"
#define WIDTH 1280
#define HEIGHT 960
#define FRAMES_A_SECOND 15
#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define CAPS                                                                                       \
  "video/x-raw, format=RGB, width=" TEXT(WIDTH) ", height=" TEXT(HEIGHT) ", framerate=" TEXT(      \
      FRAMES_A_SECOND) "/1"

/* ── the pictures ── */

typedef GstPushSrc DemoCameraSource;
typedef GstPushSrcClass DemoCameraSourceClass;
G_DEFINE_TYPE(DemoCameraSource, demo_camera_source, GST_TYPE_PUSH_SRC)

static GstStaticPadTemplate frames =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(CAPS));

/* The next frame: bytes of red, green and blue, row by row. */
static GstFlowReturn demo_camera_source_create(GstPushSrc *source, GstBuffer **frame) {
  const gchar *file = g_getenv("DEMO_CAMERA_FRAME");
  gchar *pixels = NULL;
  gsize size = 0;
  g_usleep(G_USEC_PER_SEC / FRAMES_A_SECOND);
  if (!file || !g_file_get_contents(file, &pixels, &size, NULL) || size != WIDTH * HEIGHT * 3) {
    g_free(pixels);
    GST_ELEMENT_ERROR(source, RESOURCE, READ, ("no picture before the camera"), (NULL));
    return GST_FLOW_ERROR;
  }
  *frame = gst_buffer_new_wrapped(pixels, size);
  return GST_FLOW_OK;
}

static void demo_camera_source_class_init(DemoCameraSourceClass *class) {
  GstElementClass *element = GST_ELEMENT_CLASS(class);
  gst_element_class_add_static_pad_template(element, &frames);
  gst_element_class_set_static_metadata(element, "Demo camera", "Source/Video", "A picture in a file",
                                        "Pass'Région");
  class->create = demo_camera_source_create;
}

static void demo_camera_source_init(DemoCameraSource *source) {
  gst_base_src_set_live(GST_BASE_SRC(source), TRUE);
  gst_base_src_set_format(GST_BASE_SRC(source), GST_FORMAT_TIME);
  gst_base_src_set_do_timestamp(GST_BASE_SRC(source), TRUE);
}

/* ── the camera ── */

typedef GstDevice DemoCamera;
typedef GstDeviceClass DemoCameraClass;
G_DEFINE_TYPE(DemoCamera, demo_camera, GST_TYPE_DEVICE)

static GstElement *demo_camera_create_element(GstDevice *device, const gchar *name) {
  (void)device;
  return gst_element_factory_make("democamerasource", name);
}

static void demo_camera_class_init(DemoCameraClass *class) {
  class->create_element = demo_camera_create_element;
}

static void demo_camera_init(DemoCamera *camera) { (void)camera; }

/* ── who finds it ── */

typedef GstDeviceProvider DemoCameraFinder;
typedef GstDeviceProviderClass DemoCameraFinderClass;
G_DEFINE_TYPE(DemoCameraFinder, demo_camera_finder, GST_TYPE_DEVICE_PROVIDER)

static GstDevice *the_camera(void) {
  GstCaps *caps = gst_caps_from_string(CAPS);
  GstStructure *properties = gst_structure_new_empty("properties");
  GstDevice *camera =
      g_object_new(demo_camera_get_type(), "display-name", "Demo camera", "device-class",
                   "Video/Source", "caps", caps, "properties", properties, NULL);
  gst_caps_unref(caps);
  gst_structure_free(properties);
  return camera;
}

static GList *demo_camera_finder_probe(GstDeviceProvider *finder) {
  (void)finder;
  return g_list_append(NULL, the_camera());
}

static gboolean demo_camera_finder_start(GstDeviceProvider *finder) {
  gst_device_provider_device_add(finder, the_camera());
  return TRUE;
}

static void demo_camera_finder_class_init(DemoCameraFinderClass *class) {
  gst_device_provider_class_set_static_metadata(class, "Demo camera", "Source/Video",
                                                "Finds the demo's camera", "Pass'Région");
  class->probe = demo_camera_finder_probe;
  class->start = demo_camera_finder_start;
}

static void demo_camera_finder_init(DemoCameraFinder *finder) { (void)finder; }

static gboolean load(GstPlugin *plugin) {
  return gst_element_register(plugin, "democamerasource", GST_RANK_NONE,
                              demo_camera_source_get_type()) &&
         gst_device_provider_register(plugin, "democamerafinder", GST_RANK_PRIMARY,
                                      demo_camera_finder_get_type());
}

GST_PLUGIN_DEFINE(GST_VERSION_MAJOR, GST_VERSION_MINOR, democamera, "The demo's camera", load,
                  "0.1.0", GST_LICENSE_UNKNOWN, PACKAGE, "https://example.org")
