// What our Objective-C uses of UIKit and Foundation, written down from Apple's documentation.
#pragma once

typedef double CGFloat;
typedef unsigned long NSUInteger;
typedef struct { CGFloat x, y, width, height; } CGRect;
#define nil ((id)0)

@class NSString, UIWindow;

__attribute__((objc_root_class))
@interface NSObject
+ (Class)class;
+ (instancetype)alloc;
@end

@interface NSNotification : NSObject
@end

@interface NSNotificationCenter : NSObject
+ (NSNotificationCenter *)defaultCenter;
- (void)addObserver:(id)observer selector:(SEL)selector name:(NSString *)name object:(id)object;
@end

@interface NSArray : NSObject
- (id)firstObject;
@end

@interface UIColor : NSObject
+ (UIColor *)systemBackgroundColor;
@end

typedef NSUInteger UIViewAutoresizing;
enum { UIViewAutoresizingFlexibleWidth = 1 << 1, UIViewAutoresizingFlexibleHeight = 1 << 4 };

@interface UIView : NSObject
- (instancetype)initWithFrame:(CGRect)frame;
- (CGRect)bounds;
- (void)setBackgroundColor:(UIColor *)color;
- (void)setAutoresizingMask:(UIViewAutoresizing)mask;
- (void)addSubview:(UIView *)view;
- (void)removeFromSuperview;
@end

@interface UIWindow : UIView
@end

@interface UIApplication : NSObject
+ (UIApplication *)sharedApplication;
- (NSArray *)windows;
@end

extern NSString *const UIApplicationWillResignActiveNotification;
extern NSString *const UIApplicationDidBecomeActiveNotification;
