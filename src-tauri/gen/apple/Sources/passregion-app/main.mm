#import <UIKit/UIKit.h>
#include "bindings/bindings.h"

// The system takes a picture of an app that goes away, and shows it among the recent ones: nothing
// that a student typed may be in it. What covers it is there before that picture is taken.
@interface PassRegionCover : NSObject
+ (void)put:(NSNotification *)note;
+ (void)lift:(NSNotification *)note;
@end

static UIView *cover;

@implementation PassRegionCover
+ (void)put:(NSNotification *)note {
	UIWindow *window = [[[UIApplication sharedApplication] windows] firstObject];
	if (window == nil || cover != nil) {
		return;
	}
	cover = [[UIView alloc] initWithFrame:[window bounds]];
	[cover setBackgroundColor:[UIColor systemBackgroundColor]];
	[cover setAutoresizingMask:UIViewAutoresizingFlexibleWidth | UIViewAutoresizingFlexibleHeight];
	[window addSubview:cover];
}

+ (void)lift:(NSNotification *)note {
	[cover removeFromSuperview];
	cover = nil;
}
@end

int main(int argc, char * argv[]) {
	NSNotificationCenter *center = [NSNotificationCenter defaultCenter];
	[center addObserver:[PassRegionCover class] selector:@selector(put:) name:UIApplicationWillResignActiveNotification object:nil];
	[center addObserver:[PassRegionCover class] selector:@selector(lift:) name:UIApplicationDidBecomeActiveNotification object:nil];
	ffi::start_app();
	return 0;
}
